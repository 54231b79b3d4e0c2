import type { Message, Severity } from '../../core/contracts/index.ts'
import { cutText, cutValue } from './cut.ts'
import { incidentId, overridesOf, wordsOf } from './words.ts'

/** Bytes of an event that PagerDuty takes are 512 KB; the rest of it is small. */
const mostDetails = 400_000

/** Characters of a summary: https://developer.pagerduty.com/docs/send-alert-event */
export const mostSummary = 1_024

const severities: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'warning',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
}

/** What an event says of an alert unless publishers say otherwise: description, record, and an update's changes. */
export function detailsOf(
  message: Message,
  own?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { description, record, changes } = wordsOf(message)
  return cutValue(
    own ?? { description, ...(changes && { changes }), ...(record && { record }) },
    mostDetails,
    message.alert.id,
  )
}

/**
 * A trigger event of the Events API v2: https://developer.pagerduty.com/docs/send-alert-event. Its `dedup_key` is the alert's
 * id, or that of the alert it updates: a repeat and an update land in the same incident. Publishers replace parts with
 * `@pagerduty-v2.summary`, `custom_details`, `severity`, `client_url`, `images`, `links`, `component`, `group`, `class`.
 */
export function triggerEvent(message: Message, routingKey: string): Readonly<Record<string, unknown>> {
  const { alert } = message
  const own = overridesOf(message.publication, 'pagerduty-v2')
  const severity = own.text('severity')
  const [clientUrl, images, links] = [own.text('client_url'), own.list('images'), own.list('links')]
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: incidentId(message),
    client: 'StreamAlert',
    ...(clientUrl !== undefined && { client_url: clientUrl }),
    payload: {
      summary: cutText(own.text('summary') ?? wordsOf(message).title, mostSummary),
      source: alert.source,
      severity: severity !== undefined && known.has(severity) ? severity : severities[alert.severity],
      timestamp: new Date(alert.record.time).toISOString(),
      group: own.text('group') ?? alert.cluster,
      class: own.text('class') ?? alert.rule,
      ...(own.text('component') !== undefined && { component: own.text('component') }),
      custom_details: detailsOf(message, own.object('custom_details')),
    },
    ...(images && { images }),
    ...(links && { links }),
  }
}

const known = new Set(Object.values(severities))
