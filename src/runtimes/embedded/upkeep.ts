import type { AlertRecords } from '../../core/alert-records.ts'
import type { App, LogLine, Store, Windows } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import type { Config } from '../../project/index.ts'
import type { Surroundings } from './generation.ts'
import type { Health } from '../upkeep/health.ts'
import { sleep } from '../../core/sleep.ts'
import type { Staging } from '../upkeep/staging.ts'

/** Does something again and again, each time after a pause, until `signal` aborts. */
export async function repeatUntil(signal: AbortSignal, everyMs: number, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    await sleep(everyMs, signal)
    if (signal.aborted) return
    await work()
  }
}

/** Removes what is past its retention. A failure is logged: the next sweep tries again. */
export async function sweep(
  store: Store,
  { storage }: Config,
  { log, now }: Pick<Surroundings, 'log' | 'now'>,
): Promise<void> {
  const { alerts, hits, quarantine, maxBytes } = storage.retention
  try {
    await store.sweep({ alertsMs: alerts, hitsMs: hits, quarantineMs: quarantine, maxBytes }, now())
  } catch (error) {
    log({ level: 'error', code: 'STORE_FAILED', message: `Sweeping: ${messageOf(error)}` })
  }
}

/** Promotes and counts staged rules. A failure is logged: the next look tries again. */
export async function lookAt(staging: Staging, log: (line: LogLine) => void): Promise<void> {
  try {
    await staging.look()
  } catch (error) {
    log({ level: 'error', code: 'STORE_FAILED', message: `Looking at staged rules: ${messageOf(error)}` })
  }
}

/** Hands new alerts to rules over alerts; answers how many. A failure is logged: the next time tries again. */
export async function handOnAlerts(alerts: AlertRecords | undefined, log: (line: LogLine) => void): Promise<number> {
  try {
    return (await alerts?.drain()) ?? 0
  } catch (error) {
    log({ level: 'error', code: 'SOURCE_FAILED', message: `Handing alerts to rules: ${messageOf(error)}` })
    return 0
  }
}

/** Looks for rules that fail or see nothing. A failure is logged: the next look tries again. */
export async function lookAtHealth(health: Health, log: (line: LogLine) => void): Promise<void> {
  try {
    await health.look()
  } catch (error) {
    log({ level: 'error', code: 'STORE_FAILED', message: `Looking at the health of rules: ${messageOf(error)}` })
  }
}

/** How many deliveries are still to be sent. */
export const waiting = async (store: Pick<Store, 'due'>): Promise<number> =>
  (await store.due()).reduce((sum, { count }) => sum + count, 0)

/** Sends until nothing waits or `signal` aborts; closes `windows` first. Answers how many deliveries are left. */
export async function deliverAll(
  app: App,
  { store, now }: Pick<Surroundings, 'store' | 'now'>,
  signal: AbortSignal,
  windows: Windows,
): Promise<number> {
  for (;;) {
    const { next } = await app.dispatch(signal, { windows })
    const left = await waiting(store)
    if (left === 0 || signal.aborted) return left
    await sleep(Math.min(Math.max((next ?? 0) - now(), 20), 1000), signal)
  }
}
