import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

const place = maybe({ city: 'string?', state: 'string?', country: 'string?' })

export const duoAuthentication = defineSchema({
  name: 'duo:authentication',
  description: 'Duo authentication logs, version 1 of the Admin API.',
  parse: json(),
  fields: {
    timestamp: 'integer',
    username: 'string',
    factor: 'string',
    result: 'string',
    integration: 'string',
    reason: 'string?',
    ip: 'string?',
    isotimestamp: 'string?',
    device: 'string?',
    alias: 'string?',
    email: 'string?',
    eventtype: 'string?',
    new_enrollment: 'boolean?',
    location: place,
    access_device: maybe({
      browser: 'string?',
      browser_version: 'string?',
      flash_version: 'string?',
      java_version: 'string?',
      os: 'string?',
      os_version: 'string?',
      trusted_endpoint_status: 'string?',
    }),
  },
  time: 'timestamp',
  normalise: { source_ip: 'ip', user: 'username', outcome: 'result', event_name: 'factor', resource: 'integration' },
})

/** https://duo.com/docs/adminapi#authentication-logs */
export const duoAuth = defineSchema({
  name: 'duo:auth',
  description: 'Duo authentication logs, version 2 of the Admin API.',
  parse: json(),
  fields: {
    txid: 'string',
    timestamp: 'integer',
    event_type: 'string',
    result: 'string',
    user: { key: 'string?', name: 'string?', groups: maybe(list('string')) },
    application: { key: 'string?', name: 'string?' },
    reason: 'string?',
    factor: 'string?',
    isotimestamp: 'string?',
    alias: 'string?',
    email: 'string?',
    access_device: maybe({
      ip: 'string?',
      hostname: 'string?',
      epkey: 'string?',
      browser: 'string?',
      browser_version: 'string?',
      os: 'string?',
      os_version: 'string?',
      is_encryption_enabled: 'string?',
      is_firewall_enabled: 'string?',
      is_password_set: 'string?',
      location: place,
      security_agents: 'json?',
    }),
    auth_device: maybe({ ip: 'string?', name: 'string?', key: 'string?', location: place }),
    trusted_endpoint_status: 'string?',
    adaptive_trust_assessments: maybe(map('json')),
  },
  time: 'timestamp',
  normalise: {
    source_ip: ['access_device.ip', 'auth_device.ip'],
    user: ['user.name', 'email'],
    user_id: 'user.key',
    host: 'access_device.hostname',
    outcome: 'result',
    event_name: 'event_type',
    resource: 'application.name',
  },
})

export const duoAdministrator = defineSchema({
  name: 'duo:administrator',
  description: 'Duo administrator logs.',
  parse: json(),
  fields: {
    action: 'string',
    timestamp: 'integer',
    username: 'string',
    description: 'string?',
    object: 'string?',
    isotimestamp: 'string?',
  },
  time: 'timestamp',
  normalise: { user: 'username', event_name: 'action', resource: 'object' },
})
