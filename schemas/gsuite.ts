import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

/** https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list */
export const gsuiteReports = defineSchema({
  name: 'gsuite:reports',
  description: 'Google Workspace (G Suite) activity reports: admin, login, drive, token and all other applications.',
  parse: json(),
  fields: {
    kind: 'string',
    id: { applicationName: 'string', customerId: 'string?', time: 'string', uniqueQualifier: 'string?' },
    actor: { callerType: 'string?', email: 'string?', profileId: 'string?', key: 'string?' },
    events: list({
      type: 'string?',
      name: 'string',
      parameters: maybe(
        list({
          name: 'string?',
          value: 'string?',
          intValue: 'string?',
          boolValue: 'string?',
          multiValue: maybe(list('string')),
          multiIntValue: maybe(list('string')),
          messageValue: maybe(map('json')),
          multiMessageValue: maybe(list(map('json'))),
        }),
      ),
      resourceIds: maybe(list('string')),
    }),
    ipAddress: 'string?',
    ownerDomain: 'string?',
    etag: 'string?',
    networkInfo: maybe(map('json')),
    resourceDetails: maybe(list(map('json'))),
  },
  time: 'id.time',
  patterns: { kind: '*#activity' },
  normalise: {
    source_ip: 'ipAddress',
    user: 'actor.email',
    user_id: 'actor.profileId',
    event_name: 'events[].name',
    domain: 'ownerDomain',
  },
})
