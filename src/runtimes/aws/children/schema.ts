import { defineSchema } from '../../../index.ts'
import { json } from '../../../parsers/json.ts'

/** The log type of tests of functions. */
export const schema = defineSchema({
  name: 'app:events',
  description: 'Events of an application.',
  parse: json(),
  time: 'at',
  fields: { at: 'timestamp', n: 'integer', host: 'string' },
})
