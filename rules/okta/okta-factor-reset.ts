import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext, oktaTarget } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-factor-reset',
  description: 'All second factors of a user of Okta were removed: whoever holds the password can now enrol their own.',
  severity: 'medium',
  schemas: [oktaLogevents],
  where: {
    eventType: { oneOf: ['user.mfa.factor.reset_all', 'system.mfa.factor.deactivate'] },
    'outcome.result': 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} removed second factors of ${oktaTarget(event)}`,
  context: oktaContext,
  merge: { by: ['actor.id'], window: '1h' },
  tags: ['okta', 'identity'],
  attack: ['T1556.006'],
  references: ['https://help.okta.com/en-us/content/topics/security/mfa/mfa-reset-users.htm'],
  runbook:
    '1. Call the user on a known number: did they ask for it? 2. If not, suspend the user and end their sessions. 3. Ask the helpdesk who asked, and how they proved who they are.',
  falsePositives: ['Users who lost their telephone.'],
})
