import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import type { Message, Severity } from '../core/contracts/index.ts'
import { isPlainObject } from '../core/plain.ts'
import { cutJson, cutNote, cutText, cutValue } from './shared/cut.ts'
import { address, secret, text } from './shared/fields.ts'
import { type VendorSend, vendorSend } from './shared/vendor.ts'
import { field, incidentId, overridesOf, wordsOf } from './shared/words.ts'

/** Characters of texts, bytes of what becomes labels, and how many of them. */
const most = { name: 600, details: 4_000, entry: 20_000, label: 4_000, labels: 500, data: 100_000 }

/** https://xsoar.pan.dev/docs/incidents/incident-severities */
const severities: Readonly<Record<Severity, number>> = { info: 0.5, low: 1, medium: 2, high: 3, critical: 4 }
const named: Readonly<Record<string, number>> = { unknown: 0, informational: 0.5, ...severities }

const traits = {
  name: 'Cortex XSOAR',
  hints: {
    401: 'The API key is wrong; XSOAR 8 also asks for its id.',
    403: 'The API key may not make incidents.',
    404: 'Check the address: XSOAR 8 and later need keyId.',
  },
}

/**
 * Makes an incident in Cortex XSOAR. Version 6: `POST /incident` with the key in `Authorization`
 * (https://docs-cortex.paloaltonetworks.com/r/Cortex-XSOAR-6-API/Create-single-incident). Version 8: `POST /xsoar/public/v1/incident`, with the key's id in
 * `x-xdr-auth-id` (https://docs-cortex.paloaltonetworks.com/r/Cortex-XSOAR-8-API/Create-or-update-an-incident). An update is an
 * entry in the incident's war room. Publishers replace parts with `@demisto.incident_type`, `playbook`, `severity` (a number or a
 * name), `owner`, `details`, `incident_name`, `label_data`.
 *
 * Receipt: the incident's id.
 */
export default defineOutput({
  name: 'demisto',
  summary: 'Makes an incident in Cortex XSOAR (formerly Demisto), version 6 or 8; updates become entries.',
  setup: `Version 6: "Settings", "Integrations", "API Keys", "Get Your Key". Version 8: "Settings & Info", "Settings", "API Keys", a key of the level
"Standard"; set \`keyId\` to its id and \`url\` to "Copy API URL" (\`https://api-…\`). XSOAR makes an incident of each request, so let a pre-process rule drop an
incident whose label \`streamalert_id\` another one has: then a request that is repeated after a crash is one incident.`,
  config: z.strictObject({
    url: address('Where XSOAR is; of version 8 the API URL, `https://api-…`.'),
    token: secret('The API key.'),
    keyId: text('XSOAR 8: the id of the API key. Left out: XSOAR 6.').optional(),
    type: text('The type of incident, unless a publisher says another.').default('Unclassified'),
    owner: text('Who gets the incidents, unless a publisher says another.').optional(),
    playbook: text('The playbook to run, unless a publisher says another.').optional(),
  }),
  examples: [
    {
      title: 'XSOAR 8',
      config: { url: 'https://api-acme.crtx.us.paloaltonetworks.com', token: 'secret:XSOAR_KEY', keyId: '7' },
    },
    { title: 'XSOAR 6', config: { url: 'https://xsoar.acme.example', token: 'secret:XSOAR_KEY' } },
  ],
  publisherKeys: {
    incident_type: 'The type.',
    incident_name: 'The name.',
    playbook: 'The playbook.',
    severity: '`0`, `0.5`, `1` to `4`, or `informational`, `low`, `medium`, `high`, `critical`.',
    owner: 'Who gets it.',
    details: 'The details.',
    label_data: 'An object whose values become labels, in place of the whole publication.',
  },
  create: (config, host) => ({
    async send(message, signal) {
      const vendor = vendorSend(host, signal, traits)
      const { keyId } = config
      const api = `${await vendor.base(config.url)}${keyId === undefined ? '' : '/xsoar/public/v1'}`
      const headers = {
        authorization: await vendor.secret(config.token),
        ...(keyId !== undefined && { 'x-xdr-auth-id': keyId }),
      }
      const { alert, earlier } = message
      if (alert.updates !== undefined && earlier !== undefined) {
        const data = cutJson(wordsOf(message).changes ?? {}, most.entry, alert.id)
        await call(vendor, { url: `${api}/entry`, headers, json: { investigationId: earlier, data } })
        return earlier
      }
      return field(await call(vendor, { url: `${api}/incident`, headers, json: incidentOf(message, config) }), 'id')
    },
  }),
})

/** XSOAR may answer an error with status 200: a status and words within. */
async function call(vendor: VendorSend, request: Parameters<VendorSend['call']>[0]): Promise<unknown> {
  const answer = await vendor.call(request)
  const status = isPlainObject(answer) ? answer['status'] : undefined
  const error =
    field(answer, 'error') ?? (typeof status === 'number' && status >= 400 ? field(answer, 'detail') : undefined)
  if (error === undefined) return answer
  const later = typeof status === 'number' && (status >= 500 || status === 429)
  throw vendor.failure(
    later ? 'OUTPUT_UNAVAILABLE' : 'OUTPUT_REJECTED',
    `Cortex XSOAR refuses the alert: ${cutText(error, 300)}`,
    { retry: later ? 'later' : 'never' },
  )
}

interface Defaults {
  readonly type: string
  readonly owner?: string | undefined
  readonly playbook?: string | undefined
}

function incidentOf(message: Message, defaults: Defaults): Readonly<Record<string, unknown>> {
  const { alert, publication } = message
  const { title, description } = wordsOf(message)
  const own = overridesOf(publication, 'demisto')
  const [owner, playbook] = [own.text('owner') ?? defaults.owner, own.text('playbook') ?? defaults.playbook]
  return {
    type: own.text('incident_type') ?? defaults.type,
    name: cutText(own.text('incident_name') ?? title, most.name),
    ...(owner !== undefined && { owner }),
    ...(playbook !== undefined && { playbookId: playbook }),
    severity: severityIn(own.any('severity')) ?? severities[alert.severity],
    labels: [
      { type: 'streamalert_id', value: incidentId(message) },
      ...labelsOf(cutValue(own.object('label_data') ?? publication, most.data, alert.id), alert.id),
    ],
    customFields: {},
    details: cutText(own.text('details') ?? description, most.details),
    createInvestigation: true,
  }
}

function severityIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Object.values(named).includes(value) ? value : undefined
  return typeof value === 'string' && Object.hasOwn(named, value.toLowerCase()) ? named[value.toLowerCase()] : undefined
}

interface Label {
  readonly type: string
  readonly value: string
}

/** Every value of plain data under its path, as text, by path: `record.columns.username`, `outputs[0]`. */
function labelsOf(data: Readonly<Record<string, unknown>>, alertId: string): readonly Label[] {
  const labels: Label[] = []
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((one, n) => visit(one, `${path}[${n}]`))
    else if (isPlainObject(value)) {
      for (const [key, one] of Object.entries(value)) visit(one, path === '' ? key : `${path}.${key}`)
    } else labels.push({ type: path, value: cutText(String(value), most.label) })
  }
  visit(data, '')
  const sorted = labels.toSorted((a, b) => (a.type < b.type ? -1 : 1))
  if (sorted.length <= most.labels) return sorted
  return [{ type: 'streamalert_cut', value: cutNote(alertId) }, ...sorted.slice(0, most.labels)]
}
