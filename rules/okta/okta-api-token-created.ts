import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext, oktaTarget } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-api-token-created',
  description: 'A token for the interface of Okta was made: it has all rights of its maker, and no second factor.',
  severity: 'medium',
  schemas: [oktaLogevents],
  where: {
    eventType: { oneOf: ['system.api_token.create', 'app.oauth2.client.lifecycle.create'] },
    'outcome.result': 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} made a token: ${oktaTarget(event)}`,
  context: oktaContext,
  tags: ['okta', 'identity'],
  attack: ['T1098.001'],
  references: ['https://developer.okta.com/docs/guides/create-an-api-token/main/'],
  runbook:
    '1. Ask the actor which program needs it. 2. Revoke it if none does. 3. Bind tokens to the networks of their programs.',
  falsePositives: ['New integrations.'],
})
