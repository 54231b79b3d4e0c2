import type { App, Batch, Delivery, LogLine, PullSource } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { retryDelay } from '../../core/dispatch/retry.ts'
import { sleep } from '../../core/sleep.ts'
import type { SourceObserver } from './source-watch.ts'

export interface ReadSourceOptions {
  readonly name: string
  readonly source: PullSource
  readonly app: App
  readonly once: boolean
  readonly signal: AbortSignal
  readonly observer?: SourceObserver
  log(line: LogLine): void
  random(): number
}

/** A source that is being read. */
export interface SourceReader {
  /** Resolves when the source ended (`once`) or was aborted; true when all it gave was taken. */
  readonly ended: Promise<boolean>
  /**
   * True while nothing of it is under way, or only waits for what may be appended. What of the latter is not yet durable, the
   * source's lag tells.
   */
  idle(): boolean
}

/** Batches of one source that may be under way at the same time: the next one is read while the last is evaluated. */
const batchesAtOnce = 2
/** A reading that went on for so long without failing is well again. Milliseconds. */
const calmMs = 5_000

/** Reads a source into the app until it ends. A source that throws is begun anew, ever later, while others go on. */
export function readSource(options: ReadSourceOptions): SourceReader {
  const { name, source, app, once, signal, log, observer } = options
  const underWay = new Set<Promise<void>>()
  /** How many of them wait for a stretch that may follow. */
  let waiting = 0
  let complete = true
  /** In a row, without anything taken between them. */
  let failures = 0

  const calm = () => {
    failures = 0
    observer?.reading()
  }

  const counted = (delivery: Delivery): Delivery => {
    const { next } = delivery
    if (!next) return delivery
    return {
      ...delivery,
      async next(take) {
        waiting++
        try {
          const following = await next(take)
          return following && counted(following)
        } finally {
          waiting--
        }
      },
    }
  }

  async function take(batch: Batch): Promise<void> {
    const { failed } = await app.ingest(batch.deliveries.map(counted))
    await batch.settle(new Set(failed))
    if (failed.length === 0) calm()
    else {
      complete = false
      observer?.failed(failed.length)
    }
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
    while (!signal.aborted) {
      const calming = setTimeout(calm, calmMs)
      try {
        await readOnce()
        if (once || signal.aborted || source.ended?.()) return complete
        failures = 0
      } catch (error) {
        if (signal.aborted) return complete
        log({
          level: 'error',
          code: error instanceof CodedError ? error.code : 'SOURCE_FAILED',
          message: `${name}: ${messageOf(error)}`,
        })
        observer?.retrying(error)
        if (once) return false
        failures++
      } finally {
        clearTimeout(calming)
      }
      await sleep(retryDelay(Math.max(failures, 1), options.random()), signal)
    }
    return complete
  }

  const ended = read().finally(() => signal.aborted || observer?.ended())
  return { ended, idle: () => underWay.size <= waiting }
}
