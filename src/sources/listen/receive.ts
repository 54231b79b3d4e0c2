import { join } from 'node:path'
import type { z } from 'zod'
import type { SourceHost } from '../../core/component.ts'
import type { PullSource } from '../../core/contracts/index.ts'
import { type spoolOption, spoolSettings } from '../spool/config.ts'
import { openSpool, type Spool } from '../spool/index.ts'

/**
 * A source that is sent to: `listen` opens what receives into the spool and answers how to close it; what lies in the spool
 * is delivered. Who reads once takes what waits on disk; nobody can be told when to send.
 */
export function receive(
  config: z.output<typeof spoolOption>,
  host: SourceHost,
  listen: (spool: Spool, signal: AbortSignal) => Promise<() => Promise<void>>,
): PullSource {
  let spool: Spool | undefined
  return {
    async *read(reading) {
      spool = await openSpool({
        ...{ dir: join(host.dataDir, 'spool'), source: host.name, state: host.state },
        ...spoolSettings(config),
        ...{ now: host.now, log: host.log, count: host.count },
      })
      let close: (() => Promise<void>) | undefined
      const ended = new AbortController()
      try {
        if (!reading.once && !reading.signal.aborted) {
          close = await listen(spool, AbortSignal.any([reading.signal, ended.signal]))
        }
        yield* spool.read(reading)
      } finally {
        ended.abort()
        await close?.()
        await spool.close()
        spool = undefined
      }
    },
    lag: async () => spool?.lag() ?? {},
  }
}
