import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'

export const app = defineSchema({
  name: 'app:events',
  description: 'Events of an application.',
  parse: json(),
  time: 'at',
  fields: { at: 'timestamp', host: 'string', event: 'string', bytes: 'integer' },
})
