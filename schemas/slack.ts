import { map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://api.slack.com/methods/team.accessLogs */
export const slackAccess = defineSchema({
  name: 'slack:access',
  description: 'Slack access logs: from where and with what each member used the workspace.',
  parse: json(),
  fields: {
    user_id: 'string',
    username: 'string',
    date_first: 'integer',
    date_last: 'integer',
    count: 'integer',
    ip: 'string?',
    user_agent: 'string?',
    isp: 'string?',
    country: 'string?',
    region: 'string?',
  },
  time: 'date_last',
  normalise: { source_ip: 'ip', user: 'username', user_id: 'user_id', user_agent: 'user_agent' },
})

/** https://api.slack.com/methods/team.integrationLogs */
export const slackIntegration = defineSchema({
  name: 'slack:integration',
  description: 'Slack integration logs: apps and services added, changed and removed.',
  parse: json(),
  fields: {
    user_id: 'string',
    user_name: 'string',
    date: 'string',
    change_type: 'string',
    scope: 'string?',
    channel: 'string?',
    app_type: 'string?',
    app_id: 'string?',
    service_type: 'string?',
    service_id: 'string?',
    reason: 'string?',
    rss_feed: 'string?',
    rss_feed_change_type: 'string?',
    rss_feed_title: 'string?',
    rss_feed_url: 'string?',
  },
  time: 'date',
  normalise: {
    user: 'user_name',
    user_id: 'user_id',
    event_name: 'change_type',
    resource: ['app_id', 'service_id'],
  },
})

/** https://api.slack.com/admins/audit-logs */
export const slackAudit = defineSchema({
  name: 'slack:audit',
  description: 'Slack audit logs of an Enterprise organisation.',
  parse: json(),
  fields: {
    id: 'string',
    date_create: 'integer',
    action: 'string',
    actor: {
      type: 'string?',
      user: maybe({ id: 'string?', name: 'string?', email: 'string?', team: 'string?' }),
    },
    entity: {
      type: 'string',
      user: maybe({ id: 'string?', name: 'string?', email: 'string?', team: 'string?' }),
      workspace: maybe({ id: 'string?', name: 'string?', domain: 'string?' }),
      enterprise: maybe({ id: 'string?', name: 'string?', domain: 'string?' }),
      channel: maybe({ id: 'string?', name: 'string?', privacy: 'string?' }),
      app: maybe(map('json')),
      file: maybe({ id: 'string?', name: 'string?', title: 'string?', filetype: 'string?' }),
    },
    context: {
      ua: 'string?',
      ip_address: 'string?',
      session_id: 'string?',
      location: maybe({ type: 'string?', id: 'string?', name: 'string?', domain: 'string?' }),
    },
    details: maybe(map('json')),
  },
  time: 'date_create',
  normalise: {
    source_ip: 'context.ip_address',
    user: ['actor.user.email', 'actor.user.name'],
    user_id: 'actor.user.id',
    target_user: 'entity.user.email',
    user_agent: 'context.ua',
    event_name: 'action',
    resource: ['entity.channel.name', 'entity.file.name'],
  },
})
