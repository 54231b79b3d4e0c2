import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { columnMeaning, queryResult } from './shared/osquery.ts'

const columns = map('string')

export const osqueryDifferential = defineSchema({
  name: 'osquery:differential',
  description: 'osquery results in event format: one row that a scheduled query added or removed.',
  parse: json(),
  fields: { ...queryResult, action: 'string', columns },
  time: 'unixTime',
  patterns: { action: ['added', 'removed'] },
  normalise: columnMeaning('columns'),
})

export const osquerySnapshot = defineSchema({
  name: 'osquery:snapshot',
  description: 'osquery snapshots: all rows of a query at one time.',
  parse: json(),
  fields: { ...queryResult, action: 'string', snapshot: list(columns) },
  time: 'unixTime',
  patterns: { action: 'snapshot' },
  normalise: columnMeaning('snapshot[]'),
})

export const osqueryBatch = defineSchema({
  name: 'osquery:batch',
  description: 'osquery results in batch format: all rows that changed since the query last ran.',
  parse: json(),
  fields: { ...queryResult, diffResults: { added: maybe(list(columns)), removed: maybe(list(columns)) } },
  time: 'unixTime',
  normalise: columnMeaning('diffResults.added[]'),
})

export const osqueryStatus = defineSchema({
  name: 'osquery:status',
  description: "osquery's own log: warnings and errors of the agent.",
  parse: json(),
  fields: {
    hostIdentifier: 'string',
    severity: 'integer',
    filename: 'string',
    line: 'integer',
    message: 'string',
    version: 'string?',
    calendarTime: 'string?',
    unixTime: 'string?',
    decorations: maybe(map('string')),
    log_type: 'string?',
  },
  time: 'unixTime',
  normalise: { host: 'hostIdentifier', severity: 'severity' },
})
