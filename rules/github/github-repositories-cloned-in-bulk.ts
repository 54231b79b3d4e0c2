import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-repositories-cloned-in-bulk',
  description: 'One account cloned or downloaded many repositories of the organization within minutes.',
  severity: 'high',
  schemas: [githubAudit],
  where: { action: { oneOf: ['git.clone', 'repo.download_zip'] }, actor_is_bot: { not: true } },
  threshold: { count: 20, per: ['actor'], window: '15m', distinct: 'repo' },
  title: (event) => `${event.actor} copies one repository after the other`,
  context: githubContext,
  tags: ['github', 'exposure'],
  attack: ['T1213.003'],
  references: [
    'https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/reviewing-the-audit-log-for-your-organization',
  ],
  runbook:
    '1. Ask the person whether it was they: a new machine explains a few, not all. 2. If not, revoke their tokens and keys. 3. Replace the secrets in what was copied. Needs Git events in the audit log.',
  falsePositives: ['Backups and code search. Name their accounts in the conditions of the rule.'],
})
