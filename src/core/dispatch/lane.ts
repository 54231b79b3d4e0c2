import { attempt, type Attempt, type DeliveryLimits } from './attempt.ts'
import { afterFailure, type Circuit, closedCircuit } from './circuit.ts'
import type { Alert, AlertStore, Claim, LogLine, Message, Output, Settlement } from '../contracts/index.ts'
import type { CodedError } from '../errors.ts'
import { publish, type Publication } from '../publish.ts'

/** What the delivery to every output needs. */
export interface LaneOptions {
  readonly store: Pick<AlertStore, 'claim' | 'settle'>
  readonly now: () => number
  /** 0 ≤ x < 1: for the jitter of retries. */
  readonly random: () => number
  readonly log: (line: LogLine) => void
  readonly limits: DeliveryLimits
  /** How long claimed alerts are ours, milliseconds; longer than the time-out of a send. */
  readonly leaseMs: number
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
  /** Sends all that is due. Answers how many alerts were taken. Not to be called while `busy`. */
  work(signal: AbortSignal): Promise<number>
  busy(): boolean
  /** Nothing is sent before (epoch milliseconds). */
  pausedUntil(): number
  status(): OutputStatus
}

/** Alerts taken from the store at once. After a crash only those in flight are sent again; the others merely wait. */
export const batchSize = 100

export function createLane(name: string, output: Output, concurrency: number, options: LaneOptions): Lane {
  const { store, now, random, log, limits, leaseMs } = options
  const counts = { sent: 0, retried: 0, dead: 0 }
  let circuit: Circuit = closedCircuit
  let lastError: string | undefined
  const publication = options.publication ?? (async (alert: Alert) => publish(alert))
  let busy = false

  async function drain(signal: AbortSignal): Promise<number> {
    let taken = 0
    while (!signal.aborted && now() >= circuit.pausedUntil) {
      const at = now()
      const limit = circuit.failures > 0 ? 1 : batchSize
      const claims = await store.claim({ output: name, now: at, limit, leaseMs })
      if (claims.length === 0) break
      taken += claims.length
      await sendAll(claims, at + leaseMs - limits.timeoutMs, signal)
    }
    return taken
  }

  /** Sends claims side by side in as many slots as the output takes, and gives back what there is no time for. */
  async function sendAll(claims: readonly Claim[], until: number, signal: AbortSignal): Promise<void> {
    const queue = claims.values()
    const slot = async () => {
      while (!signal.aborted && now() < until && now() >= circuit.pausedUntil) {
        const { value: claim } = queue.next()
        if (!claim) return
        const result = await attempt(claim, await messageOf(claim), output, limits, now, random)
        note(result)
        await store.settle([result.settlement], now())
        options.onSettled?.(result.settlement)
      }
    }
    await allDone(Array.from({ length: Math.min(concurrency, claims.length) }, slot))
    const back = { output: name, state: 'pending', retryAt: now() } as const
    const left = [...queue].map((claim) => ({ alert: claim.alert.id, ...back }))
    if (left.length > 0) await store.settle(left, now())
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
    circuit = afterFailure(before, now(), random(), error?.retryAfterMs)
    if (circuit.pausedUntil <= Math.max(before.pausedUntil, now())) return
    const seconds = Math.ceil((circuit.pausedUntil - now()) / 1000)
    const message = `${name} is left alone for ${seconds} s; failures in a row: ${circuit.failures}. ${error?.message ?? ''}`
    log({ level: 'warn', code: 'OUTPUT_UNAVAILABLE', message })
  }

  return {
    async work(signal) {
      busy = true
      try {
        return await drain(signal)
      } finally {
        busy = false
      }
    },
    busy: () => busy,
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
  const message = `Alert ${alert} was not delivered to ${output} and is not tried again: ${error}`
  log({ level: 'error', code: error.split(' ', 1)[0] ?? '', message })
}

/** Waits for all, also when one fails; then throws the first failure. */
export async function allDone<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
