import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

const person = { uuid: 'string?', name: 'string?', email: 'string?', type: 'string?' } as const

const client = maybe({
  app_name: 'string?',
  app_version: 'string?',
  platform_name: 'string?',
  platform_version: 'string?',
  os_name: 'string?',
  os_version: 'string?',
  ip_address: 'string?',
})

const location = maybe({
  country: 'string?',
  region: 'string?',
  city: 'string?',
  latitude: 'float?',
  longitude: 'float?',
})

/** https://developer.1password.com/docs/events-api/reference/ */
export const onepasswordSignin = defineSchema({
  name: 'onepassword:signin',
  description: '1Password Events API: attempts to sign in.',
  parse: json(),
  fields: {
    uuid: 'string',
    timestamp: 'string',
    category: 'string',
    type: 'string',
    target_user: person,
    session_uuid: 'string?',
    account_uuid: 'string?',
    country: 'string?',
    details: maybe(map('json')),
    client,
    location,
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'client.ip_address',
    user: 'target_user.email',
    user_id: 'target_user.uuid',
    event_name: 'type',
    outcome: 'category',
    account: 'account_uuid',
  },
})

export const onepasswordItemUsage = defineSchema({
  name: 'onepassword:item_usage',
  description: '1Password Events API: items of shared vaults that were filled, copied, revealed or changed.',
  parse: json(),
  fields: {
    uuid: 'string',
    timestamp: 'string',
    vault_uuid: 'string',
    item_uuid: 'string',
    user: person,
    action: 'string?',
    used_version: 'integer?',
    account_uuid: 'string?',
    client,
    location,
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'client.ip_address',
    user: 'user.email',
    user_id: 'user.uuid',
    event_name: 'action',
    resource: ['item_uuid', 'vault_uuid'],
    account: 'account_uuid',
  },
})

export const onepasswordAudit = defineSchema({
  name: 'onepassword:audit',
  description: '1Password Events API: what team members did to accounts, vaults, groups and users.',
  parse: json(),
  fields: {
    uuid: 'string',
    timestamp: 'string',
    actor_uuid: 'string',
    action: 'string',
    object_type: 'string',
    object_uuid: 'string?',
    actor_details: maybe(person),
    object_details: maybe(map('json')),
    aux_id: 'string?',
    aux_uuid: 'string?',
    aux_info: 'string?',
    aux_details: maybe(map('json')),
    account_uuid: 'string?',
    session: maybe({ uuid: 'string?', login_time: 'string?', device_uuid: 'string?', ip: 'string?' }),
    location,
  },
  time: 'timestamp',
  normalise: {
    source_ip: 'session.ip',
    user: 'actor_details.email',
    user_id: 'actor_uuid',
    event_name: 'action',
    resource: ['object_type', 'object_uuid'],
    account: 'account_uuid',
  },
})
