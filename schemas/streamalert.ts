import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'
import { normalisedNames } from './shared/names.ts'

/** What the record of the alert holds of each meaning. */
const ofTheRecord = Object.fromEntries(Object.keys(normalisedNames).map((name) => [name, `normalised.${name}[]`]))

/**
 * Alerts as records, in the form in which outputs get them (docs/alerts.md). Rules that name this log type see the alerts of
 * all others: see src/core/alert-records.ts.
 */
export const streamalertAlerts = defineSchema({
  name: 'streamalert:alerts',
  description: 'Alerts that StreamAlert raised, for rules over alerts.',
  parse: json(),
  fields: {
    id: 'string',
    rule: 'string',
    severity: 'string',
    title: 'string',
    description: 'string',
    createdAt: 'string',
    cluster: 'string',
    source: 'string',
    schema: 'string',
    record: map('json'),
    recordId: 'string',
    position: 'string',
    time: 'string',
    envelope: maybe(map('json')),
    normalised: maybe(map(list('string'))),
    outputs: list('string'),
    context: map('json'),
    staged: 'boolean',
    mergedFrom: maybe({
      count: 'integer',
      first: 'string',
      last: 'string',
      by: map('json'),
      records: list('string'),
      common: map('json'),
      differences: map('json'),
    }),
    updates: 'string?',
  },
  time: 'time',
  normalise: { ...ofTheRecord, severity: 'severity' },
})
