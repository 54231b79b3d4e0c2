import { map } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { columnMeaning, queryResult } from './shared/osquery.ts'

/** Told from plain osquery by the two decorations that Fleet's default options add to every result. */
export const fleetResults = defineSchema({
  name: 'fleet:results',
  description: "osquery results through Fleet, with Fleet's own decorations.",
  parse: json(),
  fields: {
    ...queryResult,
    action: 'string',
    columns: map('string'),
    decorations: { host_uuid: 'string', hostname: 'string' },
  },
  time: 'unixTime',
  patterns: { action: ['added', 'removed'] },
  normalise: { ...columnMeaning('columns'), host: ['decorations.hostname', 'hostIdentifier'] },
})
