import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

export const streamqueryVersion1 = defineSchema({
  name: 'streamquery:version1',
  description: "Results of the Python StreamAlert's scheduled queries.",
  parse: json(),
  fields: {
    streamquery_schema_version: 'string',
    execution: {
      name: 'string?',
      description: 'string?',
      query: 'string?',
      query_parameters: maybe(map('json')),
      data_scanned_in_bytes: 'integer?',
      execution_time_ms: 'integer?',
      tags: 'json?',
      query_execution_id: 'string?',
      console_link: 'string?',
    },
    data: map('json'),
  },
  patterns: { streamquery_schema_version: '1.*.*' },
})
