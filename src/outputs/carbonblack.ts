import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Alert } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { isPlainObject } from '../core/plain.ts'
import { cutText } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { vendorSend } from './shared/vendor.ts'

const traits = {
  name: 'Carbon Black',
  hints: {
    401: 'The token is wrong. Of Carbon Black Cloud it is written API secret, slash, API id.',
    403: 'The token may not ban hashes: Cloud asks for org.reputations CREATE, EDR for a global administrator.',
    404: 'Check the address and the organisation key.',
  },
}

/**
 * Bans the hash that a rule put into the alert's context: `carbonblack: {action: 'ban', value: <hash>}`. With `orgKey` in Carbon
 * Black Cloud, by a reputation override of a SHA-256
 * (https://developer.carbonblack.com/reference/carbon-black-cloud/platform/latest/reputation-override-api/); without, in Carbon
 * Black EDR (formerly Response), which runs on premises, of an MD5
 * (https://developer.carbonblack.com/reference/enterprise-response/latest/rest-api/). A hash that is banned already is fine.
 */
export default defineOutput({
  name: 'carbonblack',
  summary: 'Bans a hash in Carbon Black Cloud or Carbon Black EDR, for rules whose context names one.',
  setup: `Carbon Black Cloud, whose API is the current one: under "Settings", "API Access", make an access level with \`org.reputations\` CREATE and
an API key of that level; the token is \`SECRET/ID\`, and the organisation key stands on the same page. Carbon Black EDR, on premises: the API
token stands in the profile of a global administrator. The rule says what to ban:
\`context: (record) => ({ carbonblack: { action: 'ban', value: record.sha256 } })\`.`,
  config: z.strictObject({
    url: address('The console, such as `https://defense.conferdeploy.net`; of EDR the server.'),
    token: secret('Cloud: `SECRET/ID` of an API key. EDR: the API token.'),
    orgKey: text('Cloud: the organisation key. Left out: EDR.').optional(),
  }),
  examples: [
    {
      title: 'Carbon Black Cloud',
      config: { url: 'https://defense.conferdeploy.net', token: 'secret:CARBONBLACK_TOKEN', orgKey: '7DESJ9GN' },
    },
    { title: 'Carbon Black EDR', config: { url: 'https://edr.acme.example', token: 'secret:CARBONBLACK_TOKEN' } },
  ],
  create: (config, host) => ({
    async send({ alert }, signal) {
      const vendor = vendorSend(host, signal, traits)
      const url = await vendor.base(config.url)
      const request = config.orgKey === undefined ? banInEdr(alert) : banInCloud(alert, config.orgKey)
      await vendor.call({
        url: `${url}${request.path}`,
        headers: { 'x-auth-token': await vendor.secret(config.token) },
        json: request.json,
        accept: (_, status) => status === 409,
      })
    },
  }),
})

interface Ban {
  readonly path: string
  readonly json: unknown
}

const banInCloud = (alert: Alert, orgKey: string): Ban => ({
  path: `/appservices/v6/orgs/${encodeURIComponent(orgKey)}/reputations/overrides`,
  json: {
    override_list: 'BLACK_LIST',
    override_type: 'SHA256',
    sha256_hash: hashOf(alert, 64, 'a SHA-256'),
    description: reasonOf(alert),
  },
})

const banInEdr = (alert: Alert): Ban => ({
  path: '/api/v1/banning/blacklist',
  json: {
    md5hash: hashOf(alert, 32, 'an MD5'),
    text: reasonOf(alert),
    last_ban_time: '0',
    ban_count: '0',
    last_ban_host: '0',
  },
})

const reasonOf = (alert: Alert) => cutText(`StreamAlert: ${alert.rule}, alert ${alert.id}`, 250)

/** The hash to ban. Throws OUTPUT_REJECTED when the rule asks for nothing that can be done. */
function hashOf({ context }: Alert, digits: number, what: string): string {
  const asked = context['carbonblack']
  const { action, value } = isPlainObject(asked) ? asked : {}
  if (action === 'ban' && typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value)) {
    return value.toLowerCase()
  }
  throw new CodedError(
    'OUTPUT_REJECTED',
    `The alert's context does not say what to ban: ${what} in hexadecimal digits.`,
    {
      hint: `In the rule: context: (record) => ({ carbonblack: { action: 'ban', value: … } }).`,
    },
  )
}
