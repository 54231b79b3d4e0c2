import { oneloginEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'onelogin-events-assumed-role',
  description: 'A user of OneLogin acted as another user.',
  severity: 'medium',
  schemas: [oneloginEvents],
  // https://developers.onelogin.com/api-docs/1/events/event-types
  where: { event_type_id: 3 },
  title: (event) => `${event.actor_user_name || 'Somebody'} acted as ${event.user_name || 'another user'}`,
  context: (event) => ({ address: event.ipaddr, application: event.app_name }),
  tags: ['community', 'onelogin', 'identity'],
  attack: ['T1078.004'],
  references: ['https://developers.onelogin.com/api-docs/1/events/event-types'],
  runbook:
    '1. Ask both users whether they agreed on it. 2. If not, end the sessions of the actor and take the privilege away. 3. Go through what was done in the name of the other.',
  falsePositives: ['Support that looks into the account of a user.'],
})
