import { attempt, type Attempt, type DeliveryLimits } from './attempt.ts'
import { afterFailure, type Circuit, circuitPrefix, closedCircuit, type OpenCircuit } from './circuit.ts'
import type { Alert, Claim, LogLine, Message, Output, Settlement, Store } from '../contracts/index.ts'
import type { CodedError } from '../errors.ts'
import { publish, type Publication } from '../publish.ts'
import { createSettler } from './settler.ts'

/** What the delivery to every output needs. */
export interface LaneOptions {
  readonly store: Pick<Store, 'claim' | 'settle' | 'set' | 'delete'>
  readonly now: () => number
  /** 0 ≤ x < 1: for the jitter of retries. */
  readonly random: () => number
  readonly log: (line: LogLine) => void
  readonly limits: DeliveryLimits
  /** What is told of an alert to an output. Never rejects. Default: the default publication. */
  publication?(alert: Alert, output: string): Promise<Publication>
  /** Told of each try, once its end is stored. */
  onSettled?(settlement: Settlement): void
}

/** What an output did since its lane was made. */
export interface OutputStatus {
  readonly sent: number
  /** Tries that failed and are repeated. */
  readonly retried: number
  readonly dead: number
  /** The last failure, until a send succeeds. */
  readonly error?: string
  /** Left alone until then (epoch milliseconds), for it failed too often in a row. */
  readonly pausedUntil?: number
}

/** The way to one output, with what is remembered of it. No lane waits for another. */
export interface Lane {
  /** Sends all that is due; resolves with how many alerts it took, when they have ended. */
  work(signal: AbortSignal): Promise<number>
  /** False: work would find room for a send. A lane that only waits for slow answers may have room for what is new. */
  busy(): boolean
  /** Nothing is sent before (epoch milliseconds). */
  pausedUntil(): number
  status(): OutputStatus
}

/** Alerts taken from the store at once, at most. After a crash only those in flight are sent again; the others merely wait. */
export const batchSize = 100

/** What could not be sent within this time is given back, so that every rule gets its turn. Milliseconds. */
const turnMs = 500

/** How long claimed alerts are ours, milliseconds. */
export const leaseOf = ({ timeoutMs }: DeliveryLimits): number => timeoutMs * 2

export function createLane(name: string, output: Output, concurrency: number, options: LaneOptions): Lane {
  const { store, now, random, log, limits } = options
  const leaseMs = leaseOf(limits)
  const settle = createSettler(store, now)
  const counts = { sent: 0, retried: 0, dead: 0 }
  let circuit: Circuit = closedCircuit
  let lastError: string | undefined
  const publication = options.publication ?? (async (alert: Alert) => publish(alert))
  /** Claims that wait for room, and until when they do: a turn. */
  let queue: Claim[] = []
  let until = 0
  let lastClaimed = 0
  let refilling: Promise<void> | undefined
  /** As many as a turn is long enough for. */
  let batch = batchSize
  let inFlight = 0
  let drains = 0

  /** After a failure one alert at a time, until one arrives. */
  const room = () => now() >= circuit.pausedUntil && inFlight < (circuit.failures > 0 ? 1 : concurrency)

  /** Several may be under way: all take from one queue, and each waits for what it took. */
  async function drain(signal: AbortSignal): Promise<number> {
    const mine = new Set<Promise<void>>()
    const failures: unknown[] = []
    let taken = 0
    while (failures.length === 0) {
      const claim = signal.aborted ? undefined : await take()
      if (claim) {
        taken++
        const sending = send(claim)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => mine.delete(sending))
        mine.add(sending)
      } else if (mine.size > 0) await Promise.race(mine)
      else break
    }
    await Promise.all(mine)
    if (failures.length > 0) throw failures[0]
    return taken
  }

  /** The next claim, which is in flight from now on; undefined when nothing is due, or nothing may be sent now. */
  async function take(): Promise<Claim | undefined> {
    if (!room()) return undefined
    if (queue.length === 0 || now() >= until) await (refilling ??= refill().finally(() => (refilling = undefined)))
    const claim = room() && now() < until ? queue.shift() : undefined
    if (claim) inFlight++
    return claim
  }

  async function refill(): Promise<void> {
    const sent = lastClaimed - queue.length
    batch = queue.length > 0 ? Math.max(concurrency, sent) : Math.min(batchSize, batch * 2)
    await giveBack()
    const end = now() + leaseMs - limits.timeoutMs
    queue = [...(await store.claim({ output: name, now: now(), limit: circuit.failures > 0 ? 1 : batch, leaseMs }))]
    lastClaimed = queue.length
    until = Math.min(now() + turnMs, end)
  }

  /** Gives back what there was no time for; as due as of old, so that the oldest goes first again. */
  async function giveBack(): Promise<void> {
    const back = queue.map(({ alert, storedAt, lease }) => {
      return { alert: alert.id, output: name, state: 'pending', lease, retryAt: Math.min(storedAt, now()) } as const
    })
    queue = []
    if (back.length > 0) await store.settle(back, now())
  }

  async function send(claim: Claim): Promise<void> {
    try {
      const result = await attempt(claim, () => messageOf(claim), output, limits, now, random)
      const before = circuit
      note(result)
      await settle(result.settlement)
      options.onSettled?.(result.settlement)
      if (circuit.pausedUntil !== before.pausedUntil) await tellCircuit(result.settlement.error)
    } finally {
      inFlight--
    }
  }

  /** For `status`, which is another process. */
  async function tellCircuit(error = ''): Promise<void> {
    const { failures, pausedUntil: until } = circuit
    const open: OpenCircuit = { until, failures, error }
    if (failures === 0) await store.delete([circuitPrefix + name])
    else await store.set(circuitPrefix + name, JSON.stringify(open))
  }

  const messageOf = async ({ alert, earlier }: Claim): Promise<Message> => ({
    alert,
    publication: await publication(alert, name),
    ...(earlier !== undefined && { earlier }),
  })

  function note({ outcome, settlement, error }: Attempt): void {
    if (outcome === 'sent') noteSent()
    if (outcome === 'later') noteFailure(error)
    if (outcome !== 'sent' && settlement.state === 'pending') counts.retried += 1
    lastError = settlement.error
    if (settlement.state !== 'dead') return
    counts.dead += 1
    logDead(log, name, settlement.alert, settlement.error ?? '')
  }

  function noteSent(): void {
    counts.sent += 1
    if (circuit.failures === 0) return
    if (circuit.pausedUntil > 0) log({ level: 'info', code: 'OUTPUT_BACK', message: `${name} takes alerts again.` })
    circuit = closedCircuit
  }

  function noteFailure(error: CodedError | undefined): void {
    const before = circuit
    circuit = afterFailure(before, now(), random(), error?.retryAfterMs, limits.backoff)
    if (circuit.pausedUntil <= Math.max(before.pausedUntil, now())) return
    const seconds = Math.ceil((circuit.pausedUntil - now()) / 1000)
    const message = `${name} is left alone for ${seconds} s; failures in a row: ${circuit.failures}. ${error?.message ?? ''}`
    log({ level: 'warn', code: 'OUTPUT_UNAVAILABLE', message })
  }

  return {
    async work(signal) {
      drains++
      try {
        return await drain(signal)
      } finally {
        drains--
        if (drains === 0) await giveBack()
      }
    },
    busy: () => drains > 0 && (queue.length > 0 || refilling !== undefined || !room()),
    pausedUntil: () => circuit.pausedUntil,
    status: () => ({
      ...counts,
      ...(lastError !== undefined && { error: lastError }),
      ...(circuit.pausedUntil > now() && { pausedUntil: circuit.pausedUntil }),
    }),
  }
}

/** Says that a delivery waits for a person. */
export function logDead(log: (line: LogLine) => void, output: string, alert: string, error: string): void {
  const [code = ''] = error.split(' ', 1)
  const message = `Alert ${alert} was not delivered to ${output} and is not tried again: ${error.slice(code.length + 1)}`
  log({ level: 'error', code, message })
}

/** Waits for all, also when one fails; then throws the first failure. */
export async function allDone<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
