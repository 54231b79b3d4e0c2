import { list, map, maybe } from '../src/core/fields/spec.ts'
import { defineSchema } from '../src/core/schema.ts'
import { json } from '../src/parsers/index.ts'

const party = {
  id: 'string?',
  type: 'string?',
  alternateId: 'string?',
  displayName: 'string?',
  detailEntry: maybe(map('json')),
} as const

const place = maybe({
  city: 'string?',
  state: 'string?',
  country: 'string?',
  postalCode: 'string?',
  geolocation: maybe({ lat: 'float?', lon: 'float?' }),
})

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/ */
export const oktaLogevents = defineSchema({
  name: 'okta:logevents',
  description: 'Okta System Log.',
  parse: json(),
  fields: {
    uuid: 'string',
    published: 'string',
    eventType: 'string',
    actor: party,
    version: 'string?',
    severity: 'string?',
    displayMessage: 'string?',
    legacyEventType: 'string?',
    outcome: maybe({ result: 'string?', reason: 'string?' }),
    client: maybe({
      id: 'string?',
      ipAddress: 'string?',
      zone: 'string?',
      device: 'string?',
      userAgent: maybe({ rawUserAgent: 'string?', os: 'string?', browser: 'string?' }),
      geographicalContext: place,
    }),
    target: maybe(list({ ...party, changeDetails: maybe(map('json')) })),
    transaction: maybe({ id: 'string?', type: 'string?', detail: maybe(map('json')) }),
    debugContext: maybe({ debugData: maybe(map('json')) }),
    authenticationContext: maybe({
      authenticationProvider: 'string?',
      credentialProvider: 'string?',
      credentialType: 'string?',
      issuer: maybe(map('json')),
      interface: 'string?',
      authenticationStep: 'integer?',
      rootSessionId: 'string?',
      externalSessionId: 'string?',
    }),
    securityContext: maybe({
      asNumber: 'integer?',
      asOrg: 'string?',
      isp: 'string?',
      domain: 'string?',
      isProxy: 'boolean?',
    }),
    request: maybe({
      ipChain: maybe(list({ ip: 'string?', version: 'string?', source: 'string?', geographicalContext: place })),
    }),
    device: maybe(map('json')),
  },
  time: 'published',
  normalise: {
    source_ip: ['client.ipAddress', 'request.ipChain[].ip'],
    user: 'actor.alternateId',
    user_id: 'actor.id',
    target_user: { path: 'target[].alternateId', when: { path: 'target[].type', is: 'User' } },
    user_agent: 'client.userAgent.rawUserAgent',
    event_name: 'eventType',
    outcome: 'outcome.result',
    severity: 'severity',
  },
  sensitive: ['authenticationContext.externalSessionId', 'authenticationContext.rootSessionId'],
})
