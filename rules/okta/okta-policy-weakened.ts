import { oktaLogevents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { oktaContext, oktaTarget } from '../shared/okta.ts'

export default defineRule({
  name: 'okta-policy-weakened',
  description: 'A policy or rule of Okta that guards sign-ins was deactivated, deleted or changed.',
  severity: (event) => (event.eventType.endsWith('.update') ? 'low' : 'high'),
  schemas: [oktaLogevents],
  where: {
    eventType: {
      oneOf: [
        'policy.lifecycle.deactivate',
        'policy.lifecycle.delete',
        'policy.lifecycle.update',
        'policy.rule.deactivate',
        'policy.rule.delete',
        'policy.rule.update',
        'zone.deactivate',
        'zone.delete',
      ],
    },
    'outcome.result': 'SUCCESS',
  },
  title: (event) => `${event.actor.alternateId} called ${event.eventType} on ${oktaTarget(event)}`,
  context: oktaContext,
  merge: { by: ['actor.id', 'eventType'], window: '1h' },
  tags: ['okta', 'identity'],
  attack: ['T1556.009'],
  references: ['https://help.okta.com/oie/en-us/content/topics/identity-engine/policies/about-policies.htm'],
  runbook:
    '1. Compare the policy with its last known state. 2. Ask the actor for the reason. 3. If there is none, restore it, suspend the actor, and look at sign-ins since.',
  falsePositives: ['Work on policies that was planned.'],
})
