import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

export const gheGeneral = defineSchema({
  name: 'ghe:general',
  description: 'GitHub Enterprise Server audit log, forwarded through syslog and Logstash.',
  parse: json({ field: 'message', envelope: ['@timestamp'] }),
  fields: {
    action: 'string',
    actor: 'string?',
    actor_id: 'integer?',
    actor_ip: 'string?',
    created_at: 'integer',
    from: 'string',
    data: maybe(map('json')),
    org: 'json?',
    org_id: 'json?',
    repo: 'json?',
    repo_id: 'json?',
    user: 'string?',
    user_id: 'integer?',
  },
  time: 'created_at',
  normalise: {
    source_ip: 'actor_ip',
    user: 'actor',
    user_id: 'actor_id',
    target_user: 'user',
    event_name: 'action',
    resource: ['repo', 'org'],
  },
  sensitive: ['data.actor_session'],
})
