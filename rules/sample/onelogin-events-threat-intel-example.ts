import { oneloginEvents } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'onelogin-events-threat-intel-example',
  description: 'An example of a rule that knows bad addresses: an event of OneLogin from one of them.',
  severity: 'medium',
  schemas: [oneloginEvents],
  // A file of your lookups folder with the name of the table: { "203.0.113.66": { "ioc_type": "ip", "sub_type": "mal_ip" } }
  lookups: { 'threat-intel': { ioc_type: 'string', sub_type: 'string?' } },
  match: (_, { values, lookup }) =>
    values('source_ip').some((address) => lookup('threat-intel', address)?.ioc_type === 'ip'),
  title: (event) => `${event.actor_user_name || 'Somebody'} used OneLogin from the bad address ${event.ipaddr}`,
  context: (event, { lookup }) => ({ intelligence: lookup('threat-intel', event.ipaddr) }),
  tags: ['community', 'example', 'onelogin', 'identity'],
  attack: ['T1078.004'],
  references: ['https://developers.onelogin.com/api-docs/1/events/event-resource'],
  runbook:
    '1. Put a table of this name into the lookups folder of your project. 2. Ask the user whether the activity was theirs. 3. If not, end their sessions and reset their password.',
  falsePositives: [
    'Addresses that many share, such as those of VPNs.',
    'It is an example, and fires only for what your table holds.',
  ],
})
