import { githubAudit } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { githubContext, textOf } from '../shared/github.ts'

export default defineRule({
  name: 'github-owner-added',
  description: 'Somebody became owner of an organization or enterprise on GitHub.',
  severity: 'high',
  schemas: [githubAudit],
  where: [
    { action: { oneOf: ['org.add_member', 'org.update_member'] }, permission: 'admin' },
    { action: 'business.add_admin' },
  ],
  title: (event) =>
    `${event.actor ?? 'Somebody'} made ${event.user ?? 'a user'} owner of ${event.business ?? textOf(event.org)}`,
  context: githubContext,
  tags: ['github', 'identity'],
  attack: ['T1098.003'],
  references: [
    'https://docs.github.com/en/organizations/managing-peoples-access-to-your-organization-with-roles/roles-in-an-organization',
  ],
  runbook:
    '1. Ask the other owners whether it was agreed. 2. Take the role away if not, and end the sessions of both. 3. Look at tokens, keys and applications that the new owner made.',
  falsePositives: ['New members of the platform team.'],
})
