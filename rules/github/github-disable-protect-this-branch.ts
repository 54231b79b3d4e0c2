import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-disable-protect-this-branch',
  description: 'In GitHub Enterprise the protection of a branch was removed.',
  severity: 'high',
  schemas: [gheGeneral],
  where: { action: 'protected_branch.destroy' },
  title: (event) => `${event.actor ?? 'Somebody'} removed the protection of a branch in ${textOf(event.repo)}`,
  context: gheContext,
  tags: ['community', 'github'],
  attack: ['T1685', 'T1195.002'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches',
  ],
  runbook:
    '1. Ask the actor why. 2. Protect the branch again. 3. Look at what was pushed to it since, above all by force.',
  falsePositives: ['Branches that are retired, and protections that are replaced by rulesets.'],
})
