/**
 * Alerts as records of their own log type, so that rules can use them: three different rules on one user within an hour, say.
 * They are read from the store in the order in which they were stored, after what raised them is durable.
 *
 * No loops: a rule over alerts never sees alerts of rules over alerts, its own included. Nor those of staged rules, which
 * are nobody's business yet.
 */
import type { Alert, Delivery, IngestResult, RuleInfo, Store } from './contracts/index.ts'
import { CodedError } from './errors.ts'
import { publicationJson, publish } from './publish.ts'

/** The log type of alerts (schemas/streamalert.ts), and the source that its records come from. */
export const alertSchema = 'streamalert:alerts'
export const alertSource = 'streamalert:alerts'

/** Rules over alerts get their records as if from a source. */
export const alertsAsSource = { name: alertSource, schemas: [alertSchema] } as const

/** Whether one of the rules is over alerts, and runs. */
export const areOverAlerts = (rules: readonly Pick<RuleInfo, 'enabled' | 'schemas'>[]): boolean =>
  rules.some(({ enabled, schemas }) => enabled && schemas.includes(alertSchema))

const cursorKey = 'alerts:handed'
const alertsAtOnce = 500

export interface AlertRecords {
  /** Hands all new alerts to the rules; answers how many. Throws SOURCE_FAILED when some were not taken: they come again. */
  drain(): Promise<number>
}

/**
 * Begins with the alerts that come from now on, or goes on where the state says. What is handed on twice, after a crash, has
 * the same ids and raises nothing twice.
 */
export async function openAlertRecords(
  store: Pick<Store, 'alertsAfter' | 'lastAlert' | 'get' | 'set'>,
  ingest: (deliveries: readonly Delivery[]) => Promise<IngestResult>,
): Promise<AlertRecords> {
  await store.set(cursorKey, String(await store.lastAlert()), { ifEquals: undefined })
  return {
    async drain() {
      let handed = 0
      for (;;) {
        const { alerts, last } = await store.alertsAfter(Number(await store.get(cursorKey)), alertsAtOnce)
        if (alerts.length === 0) return handed
        const deliveries = alerts.filter(isForRules).map(deliveryOf)
        const { failed } = deliveries.length === 0 ? { failed: [] } : await ingest(deliveries)
        if (failed.length > 0) throw new CodedError('SOURCE_FAILED', `${alertSource}: ${failed.length} were not taken.`)
        await store.set(cursorKey, String(last))
        handed += deliveries.length
      }
    },
  }
}

const isForRules = ({ schema, staged }: Alert): boolean => schema !== alertSchema && !staged

/** One record, in the form in which outputs get the alert. */
function deliveryOf(alert: Alert): Delivery {
  const bytes = new TextEncoder().encode(publicationJson(publish(alert)))
  return {
    id: `${alertSource} ${alert.id}`,
    source: alertSource,
    cluster: alert.cluster,
    receivedAt: Date.parse(alert.createdAt),
    origin: alert.id,
    size: bytes.length,
    async *body() {
      yield bytes
    },
  }
}
