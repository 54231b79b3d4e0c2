import type { App, Batch, LogLine, PullSource } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { retryDelay } from '../../core/dispatch/retry.ts'
import { sleep } from '../../core/sleep.ts'

export interface ReadSourceOptions {
  readonly name: string
  readonly source: PullSource
  readonly app: App
  readonly once: boolean
  readonly signal: AbortSignal
  log(line: LogLine): void
  random(): number
}

/** A source that is being read. */
export interface SourceReader {
  /** Resolves when the source ended (`once`) or was aborted; true when all it gave was taken. */
  readonly ended: Promise<boolean>
  /** True while nothing of it is under way. */
  idle(): boolean
}

/** Batches of one source that may be under way at the same time: the next one is read while the last is evaluated. */
const batchesAtOnce = 2

/** Reads a source into the app until it ends. A source that throws is begun anew, ever later, while others go on. */
export function readSource(options: ReadSourceOptions): SourceReader {
  const { name, source, app, once, signal, log } = options
  const underWay = new Set<Promise<void>>()
  let complete = true

  async function take(batch: Batch): Promise<void> {
    const { failed } = await app.ingest(batch.deliveries)
    await batch.settle(new Set(failed))
    if (failed.length > 0) complete = false
  }

  async function readOnce(): Promise<void> {
    let broken: unknown
    for await (const batch of source.read({ signal, once })) {
      const taking = take(batch)
        .catch((error: unknown) => void (broken ??= error))
        .finally(() => underWay.delete(taking))
      underWay.add(taking)
      while (underWay.size >= batchesAtOnce) await Promise.race(underWay)
      if (broken !== undefined) break
    }
    await Promise.all(underWay)
    if (broken !== undefined) throw broken
  }

  async function read(): Promise<boolean> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await readOnce()
        if (once || signal.aborted || source.ended?.()) return complete
        failures = -1
      } catch (error) {
        if (signal.aborted) return complete
        log({
          level: 'error',
          code: error instanceof CodedError ? error.code : 'SOURCE_FAILED',
          message: `${name}: ${messageOf(error)}`,
        })
        if (once) return false
      }
      await sleep(retryDelay(Math.max(failures, 0) + 1, options.random()), signal)
    }
    return complete
  }

  return { ended: read(), idle: () => underWay.size === 0 }
}
