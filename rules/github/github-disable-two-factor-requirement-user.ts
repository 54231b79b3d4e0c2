import { gheGeneral } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { gheContext } from '../shared/github.ts'

export default defineRule({
  name: 'github-disable-two-factor-requirement-user',
  description: 'A user of GitHub Enterprise switched their second factor off.',
  severity: 'medium',
  schemas: [gheGeneral],
  where: { action: 'two_factor_authentication.disabled' },
  title: (event) => `${event.user ?? event.actor ?? 'A user'} has no second factor any more`,
  context: gheContext,
  tags: ['community', 'github', 'identity'],
  attack: ['T1556.006'],
  references: [
    'https://docs.github.com/en/enterprise-server@latest/authentication/securing-your-account-with-two-factor-authentication-2fa/disabling-two-factor-authentication-for-your-personal-account',
  ],
  runbook:
    '1. Ask the user why. 2. If it was not they, end their sessions and reset their password. 3. Have the factor set up again.',
  falsePositives: ['Users who change to a new telephone.'],
})
