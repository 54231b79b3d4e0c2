import type { DispatchLoop } from './dispatch-loop.ts'
import { startDispatchLoop } from './dispatch-loop.ts'
import type { Generation, Surroundings } from './generation.ts'
import { readSource, type SourceReader } from './read-source.ts'

/** A generation at work: its sources are read, its alerts are sent. */
export interface Session {
  readonly generation: Generation
  /** Resolves when every source ended; true when all they gave was taken. */
  readonly read: Promise<boolean>
  wake(): void
  /** True when all that the sources held has been taken and sent. */
  idle(): Promise<boolean>
  /** Stops sending; what is left is sent by whoever calls `app.dispatch`. */
  stopSending(): Promise<void>
  /** Stops reading; resolves when what is under way is durable. */
  stopReading(): Promise<void>
  /** Stops reading, lets what is under way become durable, stops sending, and closes workers and outputs. */
  stop(): Promise<void>
}

/** How long a first reading may hold back the updates of windows, milliseconds. */
const patienceMs = 600_000

/** `read: false`: the sources are left alone. */
export function startSession(
  generation: Generation,
  around: Surroundings,
  { once, read: reads }: { readonly once: boolean; readonly read: boolean },
): Session {
  const reading = new AbortController()
  const { app, sources } = generation
  const { log, random, now, sourceWatch } = around
  if (reads) sourceWatch.enter(sources)
  const readers: SourceReader[] = [...(reads ? sources : [])].map(([name, source]) =>
    readSource({ name, source, app, once, signal: reading.signal, log, random, observer: sourceWatch.observer(name) }),
  )
  const startedAt = now()
  let caughtUp = !reads
  /** Windows of the past are left open until all that is there has been read, unless that takes too long. */
  const windows = () => (caughtUp || (!once && now() - startedAt > patienceMs) ? 'due' : 'hold')
  const dispatching: DispatchLoop = startDispatchLoop(app, { now, log, windows })
  const read = Promise.all(readers.map(({ ended }) => ended)).then((ends) => ends.every(Boolean))

  let stopped: Promise<void> | undefined

  async function stopReading(): Promise<void> {
    reading.abort()
    await read
  }

  async function stop(): Promise<void> {
    await stopReading()
    await dispatching.stop()
    await generation.close()
  }

  return {
    generation,
    read,
    wake: dispatching.wake,
    async idle() {
      if (!dispatching.idle() || !readers.every((reader) => reader.idle())) return false
      const lags = await Promise.all([...sources.values()].map(async (source) => source.lag?.()))
      const rests = lags.every((lag) => !lag?.bytes && !lag?.items) && readers.every((reader) => reader.idle())
      caughtUp ||= rests
      return rests && dispatching.idle()
    },
    stopSending: dispatching.stop,
    stopReading,
    stop: () => (stopped ??= stop()),
  }
}
