import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext, oktaTarget } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-identity-provider-added',
  description: 'Another identity provider may now sign users in to Okta: whoever runs it can be anybody.',
  severity: 'high',
  schemas: [oktaLogevents],
  where: {
    eventType: {
      oneOf: ['system.idp.lifecycle.create', 'system.idp.lifecycle.activate', 'system.idp.lifecycle.update'],
    },
    'outcome.result': 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} called ${event.eventType} on ${oktaTarget(event)}`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1484.002'],
  references: ['https://help.okta.com/en-us/content/topics/security/identity_providers.htm'],
  runbook:
    '1. Ask the owners of single sign-on whether they know the provider. 2. If not, deactivate it and suspend the actor. 3. Look for sign-ins through it since.',
  falsePositives: ['Companies that are joined, and certificates that are renewed.'],
})
