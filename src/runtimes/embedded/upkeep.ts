import type { App, LogLine, Store, Windows } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import type { Config } from '../../project/index.ts'
import { sleep } from './sleep.ts'

/** Removes what is past its retention. A failure is logged: the next sweep tries again. */
export async function sweep(store: Store, { storage }: Config, log: (line: LogLine) => void): Promise<void> {
  const { alerts, hits, quarantine, maxBytes } = storage.retention
  try {
    await store.sweep({ alertsMs: alerts, hitsMs: hits, quarantineMs: quarantine, maxBytes }, Date.now())
  } catch (error) {
    log({ level: 'error', code: 'STORE_FAILED', message: `Sweeping: ${messageOf(error)}` })
  }
}

/** Sends until nothing waits or `signal` aborts; closes `windows` first. Answers how many deliveries are left. */
export async function deliverAll(app: App, store: Store, signal: AbortSignal, windows: Windows): Promise<number> {
  for (;;) {
    const { next } = await app.dispatch(signal, { windows })
    const left = (await store.due()).reduce((sum, { count }) => sum + count, 0)
    if (left === 0 || signal.aborted) return left
    await sleep(Math.min(Math.max((next ?? 0) - Date.now(), 20), 1000), signal)
  }
}
