import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-password-spray',
  description: 'One address failed to sign in as many different users of Okta: somebody tries one password on all.',
  severity: 'high',
  schemas: [oktaLogevents],
  where: {
    eventType: { oneOf: ['user.session.start', 'user.authentication.verify'] },
    'outcome.result': 'FAILURE',
    'client.ipAddress': { exists: true },
  },
  threshold: { count: 10, per: ['client.ipAddress'], window: '10m', distinct: 'actor.alternateId' },
  title: (event) => `${event.client?.ipAddress} tries passwords of many users`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1110.003'],
  references: ['https://help.okta.com/en-us/content/topics/security/threat-insight/about-threatinsight.htm'],
  runbook:
    '1. Block the address in a network zone. 2. See whether one of the users signed in from it. 3. If so, end their sessions and reset their password.',
  falsePositives: ['An office behind one address on the day passwords expire.'],
})
