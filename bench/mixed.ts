import { osqueryRows } from '../scripts/data/osquery.ts'
import { type Random, createRandom } from '../scripts/data/random.ts'
import { attackers, day, people } from '../scripts/data/world.ts'
import { cloudTrailRecord, repeatTo, varietyFor } from './records.ts'

/** A stream as a log shipper sends it: JSON lines of eight log types, in no order. The same for the same seed. */
export function mixedLines(bytes: number, seed = 3): Uint8Array {
  const random = createRandom(seed)
  const osquery = osqueryRows(random)
  const kinds: readonly (readonly [weight: number, make: (time: number, n: number) => unknown])[] = [
    [25, (_, n) => cloudTrailRecord(random, n)],
    [20, () => random.pick(osquery)],
    [10, (time) => okta(random, time)],
    [15, (time) => kubernetes(random, time)],
    [12, (time) => suricata(random, time, 'dns', { dns: dns(random) })],
    [8, (time) => suricata(random, time, 'http', { http: http(random) })],
    [5, (time) => suricata(random, time, 'tls', { tls: tls(random) })],
    [5, (time) => suricata(random, time, 'flow', { flow: flow(random, time) })],
  ]
  return repeatTo(
    bytes,
    Array.from({ length: varietyFor(bytes) }, (_, n) => JSON.stringify(random.weighted(kinds)(day + n * 100, n))),
  )
}

const iso = (time: number) => new Date(time).toISOString()

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/ */
function okta(random: Random, time: number) {
  const someone = random.pick(people)
  const place = {
    city: 'Hamburg',
    state: 'Hamburg',
    country: 'Germany',
    postalCode: '20095',
    geolocation: { lat: 53.55, lon: 10 },
  }
  return {
    actor: {
      id: `00u${random.hex(17)}`,
      type: 'User',
      alternateId: `${someone.name}@larkspur.example`,
      displayName: someone.name,
      detailEntry: null,
    },
    client: {
      userAgent: {
        rawUserAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15',
        os: 'Mac OS X',
        browser: 'SAFARI',
      },
      zone: 'null',
      device: 'Computer',
      id: null,
      ipAddress: someone.ip,
      geographicalContext: place,
    },
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      externalSessionId: `idx${random.hex(20)}`,
    },
    displayMessage: 'User single sign on to app',
    eventType: random.pick(['user.authentication.sso', 'user.session.start', 'policy.evaluate_sign_on']),
    outcome: { result: random.chance(0.95) ? 'SUCCESS' : 'FAILURE', reason: null },
    published: iso(time),
    securityContext: { asNumber: 64500, asOrg: 'example', isp: 'example', domain: '.', isProxy: false },
    severity: 'INFO',
    debugContext: {
      debugData: { requestId: random.hex(32), requestUri: '/app/larkspur/sso/saml', url: '/app/larkspur/sso/saml?' },
    },
    legacyEventType: 'app.auth.sso',
    transaction: { type: 'WEB', id: random.hex(24), detail: {} },
    uuid: random.uuid(),
    version: '0',
    request: { ipChain: [{ ip: someone.ip, geographicalContext: place, version: 'V4', source: null }] },
    target: [
      {
        id: `0oa${random.hex(17)}`,
        type: 'AppInstance',
        alternateId: 'Payments',
        displayName: 'Payments',
        detailEntry: null,
      },
    ],
  }
}

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
function kubernetes(random: Random, time: number) {
  const verb = random.pick(['get', 'list', 'watch', 'update', 'patch'])
  const resource = random.pick(['pods', 'leases', 'configmaps', 'endpoints'])
  const name = `payments-${random.hex(8)}`
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: random.uuid(),
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/payments/${resource}/${name}?timeout=10s`,
    verb,
    user: {
      username: 'system:serviceaccount:payments:controller',
      uid: random.uuid(),
      groups: ['system:serviceaccounts', 'system:authenticated'],
    },
    sourceIPs: ['10.0.12.41'],
    userAgent: 'controller/v1.31.2 (linux/amd64) kubernetes/5864a46',
    objectRef: { resource, namespace: 'payments', name, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: iso(time),
    stageTimestamp: iso(time + 4),
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': 'RBAC: allowed by RoleBinding "controller/payments"',
    },
  }
}

/** https://docs.suricata.io/en/latest/output/eve/eve-json-format.html */
function suricata(random: Random, time: number, type: string, rest: object) {
  return {
    timestamp: iso(time).replace('Z', '000+0000'),
    flow_id: random.integer(1e14, 9e14),
    in_iface: 'eth0',
    event_type: type,
    src_ip: random.pick(people).laptop,
    src_port: random.integer(32768, 60999),
    dest_ip: random.chance(0.9) ? `192.0.2.${random.integer(1, 254)}` : attackers.scanner,
    dest_port: type === 'dns' ? 53 : 443,
    proto: type === 'dns' ? 'UDP' : 'TCP',
    ...rest,
  }
}

const host = (random: Random) => `${random.pick(['api', 'cdn', 'mail', 'www'])}.${random.hex(6)}.example`
const dns = (random: Random) => ({
  type: 'query',
  id: random.integer(1, 65535),
  rrname: host(random),
  rrtype: random.pick(['A', 'AAAA', 'HTTPS']),
  tx_id: 0,
})
const http = (random: Random) => ({
  hostname: host(random),
  url: `/v1/items/${random.hex(12)}`,
  http_user_agent: 'curl/8.12.1',
  http_content_type: 'application/json',
  http_method: random.pick(['GET', 'POST']),
  protocol: 'HTTP/1.1',
  status: random.pick([200, 200, 204, 404]),
  length: random.integer(0, 90_000),
})
const tls = (random: Random) => ({
  subject: `CN=${host(random)}`,
  issuerdn: 'C=US, O=Example CA, CN=R11',
  serial: random.hex(32),
  fingerprint: random.hex(40),
  sni: host(random),
  version: 'TLS 1.3',
  notbefore: '2026-02-01T00:00:00',
  notafter: '2026-05-01T00:00:00',
})
const flow = (random: Random, time: number) => ({
  pkts_toserver: random.integer(1, 900),
  pkts_toclient: random.integer(1, 900),
  bytes_toserver: random.integer(60, 90_000),
  bytes_toclient: random.integer(60, 900_000),
  start: iso(time - 30_000).replace('Z', '000+0000'),
  end: iso(time).replace('Z', '000+0000'),
  age: 30,
  state: 'closed',
  reason: 'timeout',
  alerted: false,
})
