import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-mfa-fatigue',
  description: 'A user refused request after request to sign in, and then one was accepted: worn down, or by mistake.',
  severity: 'high',
  schemas: [oktaLogevents],
  where: {
    eventType: { oneOf: ['user.mfa.okta_verify.deny_push', 'user.authentication.auth_via_mfa'] },
    'outcome.result': { oneOf: ['SUCCESS', 'FAILURE', 'DENY'] },
  },
  // Refusals are logged as deny_push, or as a failure of the factor; the success completes them.
  threshold: {
    count: 5,
    per: ['actor.id'],
    window: '30m',
    then: (event) => event.eventType === 'user.authentication.auth_via_mfa' && event.outcome?.result === 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} accepted a sign-in after many refusals`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1621'],
  references: ['https://help.okta.com/en-us/content/topics/mobile/ov-admin-config.htm'],
  runbook:
    '1. Call the user: was the sign-in theirs? 2. If not, end their sessions and reset password and factors. 3. Switch number matching on for pushes.',
  falsePositives: ['Users who fumble with their telephone.'],
})
