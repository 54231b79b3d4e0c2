import type { OutputHost } from '../../core/component.ts'
import type { Message, Output, Severity } from '../../core/contracts/index.ts'
import { cutJson, cutText } from './cut.ts'
import { type VendorTraits, vendorSend } from './vendor.ts'
import { incidentId, overridesOf, wordsOf } from './words.ts'

/** Characters: https://docs.opsgenie.com/docs/alert-api#create-alert; Jira Service Management took them over. */
const most = { message: 130, description: 15_000, note: 25_000, entity: 512, tag: 50, tags: 20, value: 500 }

const priorities: Readonly<Record<Severity, string>> = {
  critical: 'P1',
  high: 'P2',
  medium: 'P3',
  low: 'P4',
  info: 'P5',
}

/** What publishers may say to both, as `@opsgenie.message` or `@jsm.message`. */
export const genieKeys = {
  message: 'The title.',
  description: 'The description.',
  priority: '`P1` to `P5`.',
  tags: 'A list of tags.',
  details: 'An object of texts in place of the facts.',
  entity: 'What is affected.',
  responders: 'A list of who is asked.',
  note: 'A note.',
}

/** One of the two products that take alerts of Opsgenie's form. */
export interface Genie {
  /** Name of the output, by which publishers speak to it. */
  readonly kind: 'opsgenie' | 'jsm'
  /** Path of its alerts, below the configured address. */
  readonly path: string
  readonly traits: VendorTraits
}

/**
 * The output of a product. An alert's alias is the alert's id, by which Opsgenie and its successor tell repeats. An update is a
 * note on it: a repeated alert would only be counted. Both answer 202 and do the work later. Receipt: the alias.
 */
export const genieOutput = (
  { kind, path, traits }: Genie,
  config: { readonly apiKey: string; readonly api: string },
  host: OutputHost,
): Output => ({
  async send(message, signal) {
    const vendor = vendorSend(host, signal, traits)
    const alerts = `${await vendor.base(config.api)}${path}`
    const headers = { authorization: `GenieKey ${await vendor.secret(config.apiKey)}` }
    const alias = incidentId(message)
    if (message.alert.updates === undefined || message.earlier === undefined) {
      await vendor.call({ url: alerts, headers, json: alertOf(message, kind) })
      return alias
    }
    const url = `${alerts}/${encodeURIComponent(alias)}/notes?identifierType=alias`
    const note = cutJson(wordsOf(message).changes ?? {}, most.note, message.alert.id)
    await vendor.call({ url, headers, json: { note, source: 'StreamAlert' } })
    return alias
  },
})

function alertOf(message: Message, kind: string): Readonly<Record<string, unknown>> {
  const { title, description, facts, record, changes } = wordsOf(message)
  const own = overridesOf(message.publication, kind)
  const [entity, note, responders] = [own.text('entity'), own.text('note'), own.list('responders')]
  const head = description === '' ? '' : `${cutText(description, 2_000)}\n\n`
  const body = changes ?? record
  const details = own.object('details')
  return {
    message: cutText(own.text('message') ?? title, most.message),
    alias: incidentId(message),
    description: cutText(
      own.text('description') ??
        `${head}${body ? cutJson(body, most.description - head.length, message.alert.id) : ''}`,
      most.description,
    ),
    priority: own.text('priority') ?? priorities[message.alert.severity],
    source: 'StreamAlert',
    tags: (own.list('tags') ?? ['streamalert', message.alert.rule])
      .slice(0, most.tags)
      .map((tag) => cutText(String(tag), most.tag)),
    details: Object.fromEntries(
      (details ? Object.entries(details) : facts).map(([name, value]) => [name, cutText(String(value), most.value)]),
    ),
    ...(entity !== undefined && { entity: cutText(entity, most.entity) }),
    ...(responders && { responders }),
    ...(note !== undefined && { note: cutText(note, most.note) }),
  }
}
