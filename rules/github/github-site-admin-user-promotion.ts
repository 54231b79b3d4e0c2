import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-site-admin-user-promotion',
  description: 'A user of GitHub Enterprise became site administrator.',
  severity: 'high',
  schemas: [gheGeneral],
  where: { action: 'user.promote' },
  title: (event) => `${event.actor ?? 'Somebody'} made ${event.user ?? 'a user'} site administrator`,
  context: gheContext,
  tags: ['community', 'github', 'identity'],
  attack: ['T1098'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/admin/managing-accounts-and-repositories/managing-users-in-your-enterprise/promoting-or-demoting-a-site-administrator',
  ],
  runbook:
    '1. Ask the actor and the head of the platform whether the promotion was agreed. 2. Demote the user if not. 3. Go through what both did since.',
  falsePositives: ['New members of the platform team.'],
})
