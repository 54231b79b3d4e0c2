import { messageOf } from '../../core/errors.ts'
import type { SourceHost } from '../../core/component.ts'
import { sleep } from '../../core/sleep.ts'
import type { Spool, SpoolEntry } from '../spool/index.ts'

/** Puts entries into a spool, and waits for room as long as it takes. False: `signal` came first, and nothing was kept. */
export type Keep = (entries: readonly SpoolEntry[]) => Promise<boolean>

/** What an append takes in the spool beside its bytes, at most. */
const overhead = 1_024
/** Between tries where the disk is full or fails. Milliseconds. */
const pauseMs = 100

/** For senders that can be kept waiting. */
export function createKeep(spool: Spool, { name, log }: Pick<SourceHost, 'name' | 'log'>, signal: AbortSignal): Keep {
  let waiting = false
  return async (entries) => {
    if (entries.length === 0) return true
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes.byteLength, overhead)
    for (;;) {
      const appended = await spool.append(entries).catch(messageOf)
      if (appended === 'stored' || appended === 'repeated') {
        waiting = false
        return true
      }
      if (signal.aborted) return false
      if (!waiting) {
        const why = appended === 'full' ? 'the spool is full' : appended
        log({ level: 'warn', code: 'SOURCE_WAITING', message: `${name}: senders wait, since ${why}.` })
        waiting = true
      }
      await spool.whenRoom(signal, bytes)
      await sleep(pauseMs, signal)
    }
  }
}
