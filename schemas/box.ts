import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

const person = maybe({ type: 'string?', id: 'string?', name: 'string?', login: 'string?' })

/** https://developer.box.com/reference/resources/event/ */
export const boxAdminEvents = defineSchema({
  name: 'box:admin_events',
  description: 'Box enterprise (admin) events.',
  parse: json(),
  fields: {
    type: 'string',
    event_id: 'string',
    event_type: 'string',
    created_at: 'string',
    created_by: person,
    source: maybe(map('json')),
    accessible_by: person,
    action_by: person,
    additional_details: 'json?',
    ip_address: 'string?',
    session_id: 'string?',
  },
  time: 'created_at',
  patterns: { type: 'event' },
  normalise: {
    source_ip: 'ip_address',
    user: 'created_by.login',
    user_id: 'created_by.id',
    target_user: ['accessible_by.login', 'source.login'],
    event_name: 'event_type',
  },
  sensitive: ['session_id'],
})
