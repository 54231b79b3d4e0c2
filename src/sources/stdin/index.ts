import { join } from 'node:path'
import { z } from 'zod'
import { defineSource } from '../../core/component.ts'
import type { SourceHost } from '../../core/component.ts'
import type { Input } from '../../core/input.ts'
import { createKeep } from '../listen/keep.ts'
import { spoolOption, spoolSettings } from '../spool/config.ts'
import { openSpool, type Spool } from '../spool/index.ts'
import { createCutter } from './cut.ts'

const config = z.strictObject({ spool: spoolOption })

/**
 * Reads what is piped into the process. A pipe cannot be asked again, so each piece is on disk before the next one is read;
 * only what is not yet a whole line waits in memory. Whoever starts anew goes on with what is on disk.
 */
export const stdin = defineSource({
  name: 'stdin',
  summary: 'Reads what is piped into the process: lines, or JSON values over several lines.',
  setup: 'Mostly nothing: `tail -f /var/log/auth.log | streamalert run --stdin --schema sshd` needs no configuration.',
  config,
  examples: [{ title: 'Beside other sources, as in a container', config: {} }],
  create(options, host) {
    const { input } = host
    let spool: Spool | undefined
    let drained = false
    return {
      async *read({ signal }) {
        spool = await openSpool({
          ...{ dir: join(host.dataDir, 'spool'), source: host.name, state: host.state },
          ...spoolSettings(options.spool),
          ...{ now: host.now, log: host.log, count: host.count },
        })
        let broken: unknown
        const ended = new AbortController()
        const either = AbortSignal.any([signal, ended.signal])
        const filling = (input ? fill(input, spool, host, either) : Promise.resolve())
          .catch((error: unknown) => (broken = error))
          .finally(() => spool?.end())
        try {
          // Also who reads once reads to the end of the input.
          yield* spool.read({ signal, once: false })
          await filling
          drained = !signal.aborted && broken === undefined
          if (broken !== undefined) throw broken
        } finally {
          ended.abort()
          await filling
          await spool.close()
          spool = undefined
        }
      },
      ended: () => drained,
      lag: async () => spool?.lag() ?? {},
    }
  },
})

/** Puts what comes into the spool until the input or the reading ends. */
async function fill(input: Input, spool: Spool, host: SourceHost, signal: AbortSignal): Promise<void> {
  const keep = createKeep(spool, host, signal)
  const cutter = createCutter()
  for (let bytes = await input.read(signal); bytes !== undefined; bytes = await input.read(signal)) {
    const entries = cutter.push(bytes)
    if (await keep(entries)) continue
    // There is no room, and no time to wait for it.
    input.putBack(Buffer.concat([...entries.map((entry) => entry.bytes), cutter.rest()]))
    return
  }
  const rest = cutter.rest()
  if (rest.byteLength === 0) return
  if (!input.ended) input.putBack(rest)
  else await keep([{ bytes: rest, framing: 'lines' }])
}
