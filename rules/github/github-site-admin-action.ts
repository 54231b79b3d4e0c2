import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-site-admin-action',
  description: 'A site administrator of GitHub Enterprise used the tools of staff, which let them act as other users.',
  severity: 'medium',
  schemas: [gheGeneral],
  where: { action: { startsWith: 'staff.' } },
  title: (event) => `${event.actor ?? 'Somebody'} used ${event.action}`,
  context: gheContext,
  merge: { by: ['actor', 'action'], window: '1h' },
  tags: ['community', 'github'],
  attack: ['T1078'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/admin/managing-accounts-and-repositories/managing-users-in-your-enterprise/impersonating-a-user',
  ],
  runbook:
    '1. Ask the administrator for the ticket that the action belongs to. 2. If they acted as another user, tell that user. 3. If nobody knows of it, end the sessions of the administrator.',
  falsePositives: ['Support by administrators.'],
})
