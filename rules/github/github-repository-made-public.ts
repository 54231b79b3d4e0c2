import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-repository-made-public',
  description: 'A repository on GitHub that was private is public.',
  severity: 'high',
  schemas: [githubAudit],
  where: [
    { action: 'repo.access', visibility: 'public' },
    { action: 'repo.create', visibility: 'public' },
  ],
  title: (event) =>
    `${event.actor ?? 'Somebody'} ${event.action === 'repo.create' ? 'made a public repository' : 'made public'}: ${event.repo ?? event.repository}`,
  context: githubContext,
  tags: ['github', 'exposure'],
  attack: ['T1567.001'],
  references: [
    'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/managing-repository-settings/setting-repository-visibility',
  ],
  runbook:
    '1. Make it private again unless it is meant for the public. 2. Replace every secret in it and in its history: it counts as known. 3. Ask the actor; see who cloned or forked it.',
  falsePositives: ['Open source. Name the repositories or the people in the conditions of the rule.'],
})
