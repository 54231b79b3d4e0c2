import type { FrameResult, LogLine, PullSource, Store } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { readSources, type SourceReport, sourcesKey, type SourcesReport } from '../../core/health/index.ts'
import { createRate, type Rate } from './rate.ts'
import { seldom } from './seldom.ts'

/** Told of how the reading of one source goes. */
export interface SourceObserver {
  /** It is read. */
  reading(): void
  /** It failed and is tried again. */
  retrying(error: unknown): void
  /** Deliveries of it failed, and come again. */
  failed(deliveries: number): void
  /** Nothing more comes of it. */
  ended(): void
}

/** Knows how each source does, and writes it down for `status`. */
export interface SourceWatch {
  /** These are read from now on; others are forgotten. */
  enter(sources: ReadonlyMap<string, PullSource>): void
  observer(name: string): SourceObserver
  /** Told of what was committed. */
  note(results: readonly FrameResult[]): void
  report(): SourcesReport
  /** Writes the report into the state: one small entry, however many records. */
  write(): Promise<void>
}

interface WatchHost {
  readonly store: Pick<Store, 'get' | 'set'>
  now(): number
  log(line: LogLine): void
}

interface Watched {
  readonly own: { -readonly [K in keyof Omit<SourceReport, 'rate'>]: SourceReport[K] }
  readonly rate: Rate
  readLag(): Promise<SourceReport['lag'] | undefined>
}

const lagEveryMs = 5_000
/** Characters of an error that are kept. */
const mostMessage = 300

export async function createSourceWatch({ store, now, log }: WatchHost): Promise<SourceWatch> {
  const before = (await readSources(store))?.sources ?? {}
  let watched = new Map<string, Watched>()

  const begin = (name: string, source: PullSource): Watched => {
    const {
      errors = 0,
      error,
      lastRecord,
      lastEvent,
    } = watched.get(name)?.own ?? (Object.hasOwn(before, name) ? before[name]! : {})
    return {
      own: {
        ...{ state: 'reading', since: now(), errors },
        ...(error && { error }),
        ...(lastRecord !== undefined && { lastRecord }),
        ...(lastEvent !== undefined && { lastEvent }),
      },
      rate: watched.get(name)?.rate ?? createRate(now()),
      readLag: seldom(async () => source.lag?.(), now, lagEveryMs),
    }
  }

  function observer(name: string): SourceObserver {
    const own = watched.get(name)?.own
    const become = (state: SourceReport['state']) => {
      if (!own || own.state === state) return
      own.state = state
      own.since = now()
    }
    const fail = (n: number, code: string, message: string) => {
      if (!own) return
      own.errors += n
      own.error = { code, message: message.slice(0, mostMessage), at: now() }
    }
    return {
      reading: () => become('reading'),
      ended: () => become('ended'),
      retrying(error) {
        become('retrying')
        fail(1, error instanceof CodedError ? error.code : 'SOURCE_FAILED', messageOf(error))
      },
      failed: (deliveries) => fail(deliveries, 'SOURCE_FAILED', 'A delivery failed and comes again; the log says why.'),
    }
  }

  function note(results: readonly FrameResult[]): void {
    const at = now()
    for (const { counts, latest } of results) {
      for (const { metric, labels, n } of counts) {
        if (metric !== 'records' && metric !== 'quarantined') continue
        const { own, rate } = watched.get(labels['source'] ?? '') ?? {}
        if (!own || !rate) continue
        rate.add(n, at)
        own.lastRecord = at
        if (latest !== undefined) own.lastEvent = Math.max(latest, own.lastEvent ?? latest)
      }
    }
  }

  function report(): SourcesReport {
    const at = now()
    const reports = [...watched].map(([name, { own, rate }]): [string, SourceReport] => [
      name,
      { ...own, rate: Math.round(rate.perSecond(at) * 100) / 100 },
    ])
    return { at, sources: Object.fromEntries(reports) }
  }

  return {
    enter: (sources) => (watched = new Map([...sources].map(([name, source]) => [name, begin(name, source)]))),
    observer,
    note,
    report,
    async write() {
      try {
        for (const { own, readLag } of watched.values()) {
          // What cannot be looked at is told by the reading itself.
          const lag = await readLag().catch(() => undefined)
          if (lag) own.lag = lag
          else delete own.lag
        }
        await store.set(sourcesKey, JSON.stringify(report()))
      } catch (error) {
        log({ level: 'error', code: 'STORE_FAILED', message: `Writing how sources do: ${messageOf(error)}` })
      }
    },
  }
}
