import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext, oktaTarget } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-admin-privilege-granted',
  description: 'A user, group or application of Okta became administrator.',
  severity: 'high',
  schemas: [oktaLogevents],
  where: {
    eventType: {
      oneOf: [
        'user.account.privilege.grant',
        'group.privilege.grant',
        'app.oauth2.admin.consent.grant',
        'iam.resourceset.bindings.add',
      ],
    },
    'outcome.result': 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} gave administrator rights to ${oktaTarget(event)}`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1098.003'],
  references: ['https://help.okta.com/en-us/content/topics/security/administrators-admin-comparison.htm'],
  runbook:
    '1. Ask the actor for the reason. 2. Take the rights away if there is none, and end the sessions of both. 3. Look at what the new administrator did since: policies, factors, applications.',
  falsePositives: ['New members of the team that runs Okta.'],
})
