import { osqueryDifferential } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'

export default defineRule({
  name: 'sample-demisto',
  description: 'An example of a rule that gives its alert what an incident needs.',
  severity: 'info',
  schemas: [osqueryDifferential],
  where: { hostIdentifier: 'sample_demisto' },
  context: () => ({ demisto: { incident_type: 'My sample type', playbook: 'A Playbook', severity: 'informational' } }),
  tags: ['community', 'example'],
  references: ['https://xsoar.pan.dev/docs/incidents/incidents-create'],
  runbook:
    '1. This rule shows how an alert carries the fields of an incident. 2. Copy it, and name the output that makes incidents.',
  falsePositives: ['It is an example, and fires only for the made-up host sample_demisto.'],
})
