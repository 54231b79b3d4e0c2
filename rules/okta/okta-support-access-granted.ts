import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-support-access-granted',
  description: 'Somebody of Okta, or an administrator, may now act as a user of yours.',
  severity: 'medium',
  schemas: [oktaLogevents],
  where: {
    eventType: {
      oneOf: [
        'user.session.impersonation.grant',
        'user.session.impersonation.initiate',
        'user.session.impersonation.extend',
      ],
    },
  },
  title: (event) => `${event.actor.alternateId}: ${event.eventType}`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1078.004'],
  references: ['https://help.okta.com/en-us/content/topics/settings/settings-support-access.htm'],
  runbook:
    '1. Look for a case with the support of Okta that is open. 2. If there is none, end the access and suspend the actor. 3. Go through what was done under it.',
  falsePositives: ['A case with the support of Okta.'],
})
