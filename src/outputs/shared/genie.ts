import type { Message, Severity } from '../../core/contracts/index.ts'
import { cutJson, cutText } from './cut.ts'
import type { VendorSend } from './vendor.ts'
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

/** Where alerts of Opsgenie's form are taken. */
export interface GenieEndpoint {
  /** The address alerts are posted to. */
  readonly alerts: string
  readonly key: string
  /** Publishers speak to it by `@<kind>.message` and so on. */
  readonly kind: 'opsgenie' | 'jsm'
}

/**
 * Makes an alert; its alias is the alert's id, by which Opsgenie and its successor tell repeats. An update is a note on it:
 * a repeated alert would only be counted. Both answer 202 and do the work later.
 */
export async function sendGenieAlert(
  vendor: VendorSend,
  { alerts, key, kind }: GenieEndpoint,
  message: Message,
): Promise<void> {
  const headers = { authorization: `GenieKey ${key}` }
  if (message.alert.updates === undefined || message.earlier === undefined) {
    await vendor.call({ url: alerts, headers, json: alertOf(message, kind) })
    return
  }
  const url = `${alerts}/${encodeURIComponent(incidentId(message))}/notes?identifierType=alias`
  const note = cutJson(wordsOf(message).changes ?? {}, most.note, message.alert.id)
  await vendor.call({ url, headers, json: { note, source: 'StreamAlert' } })
}

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
