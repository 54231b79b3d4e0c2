import { fleetResults } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'fleet-bad-action',
  description: 'An example of a rule for Fleet: a query flags what it found with bad_action = 1.',
  severity: 'info',
  schemas: [fleetResults],
  where: { 'columns.bad_action': '1' },
  title: (event) => `${event.name} flagged ${event.decorations.hostname}`,
  context: (event) => ({ columns: event.columns }),
  merge: { by: ['hostIdentifier', 'name'], window: '1h' },
  tags: ['community', 'example', 'fleet'],
  references: ['https://fleetdm.com/docs/using-fleet/log-destinations'],
  runbook: '1. Read what the query looks for. 2. Look at the host. 3. Copy this rule for queries of your own.',
  falsePositives: ['It is an example: whatever the query flags.'],
})
