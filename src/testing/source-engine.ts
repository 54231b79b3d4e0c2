import type { Decoder, Delivery, PullSource, StateStore } from '../core/contracts/index.ts'

/** A record as the engine would keep it. */
export interface TakenRecord {
  readonly delivery: string
  /** `<origin>#<offset>`. */
  readonly position: string
  readonly text: string
  readonly receivedAt: number
}

/** What the engine does with a delivery: take it, refuse it, or take so many records of it and then fail. */
export type Verdict = 'take' | 'refuse' | { readonly take: number }

export interface RunOptions {
  readonly once?: boolean
  readonly signal?: AbortSignal
  /** Default: takes all. */
  readonly verdict?: (delivery: Delivery) => Verdict | Promise<Verdict>
  /** Called after each batch is settled; true ends the run. */
  readonly done?: () => boolean
}

/**
 * A small engine of lines for the tests of sources: it keeps records and checkpoints together, as the real one does,
 * and forgets everything else between runs, as after `kill -9`.
 */
export interface SourceEngine {
  readonly state: Pick<StateStore, 'get' | 'set' | 'list' | 'delete'>
  /** Durable records in the order of their coming; one per position and text. */
  readonly taken: readonly TakenRecord[]
  /** Deliveries in the order of their coming, each time they came. */
  readonly seen: readonly Delivery[]
  /** Reads until `done`, `signal`, or the source's end. */
  run(source: PullSource, options?: RunOptions): Promise<void>
}

export function createSourceEngine(decoders: readonly Decoder[] = []): SourceEngine {
  const values = new Map<string, string>()
  const taken = new Map<string, TakenRecord>()
  const seen: Delivery[] = []

  const state: SourceEngine['state'] = {
    get: async (key) => values.get(key),
    async set(key, value, condition) {
      if (condition && values.get(key) !== condition.ifEquals) return false
      values.set(key, value)
      return true
    },
    list: async (prefix) =>
      [...values]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value })),
    delete: async (keys) => {
      for (const key of keys) values.delete(key)
    },
  }

  /** Answers whether all was taken. */
  async function take(delivery: Delivery, verdict: Verdict): Promise<boolean> {
    if (verdict === 'refuse') return false
    const start = delivery.offset ?? 0
    const bytes = await decoded(delivery, decoders)
    let offset = start
    let left = verdict === 'take' ? Number.POSITIVE_INFINITY : verdict.take
    while (offset - start < bytes.length) {
      if (left-- <= 0) return false
      const newline = bytes.indexOf(10, offset - start)
      const end = newline < 0 ? bytes.length : newline
      const text = bytes.subarray(offset - start, end).toString()
      const position = `${delivery.origin}#${offset}`
      const { id, receivedAt } = delivery
      if (text !== '') taken.set(`${position} ${text}`, { delivery: id, position, text, receivedAt })
      offset = start + Math.min(bytes.length, end + 1)
      keep(delivery, offset, false)
    }
    keep(delivery, offset, true)
    return true
  }

  /** Takes the delivery and the stretches that follow it, up to the first that fails. Answers whether all was taken. */
  async function takeWithNext(first: Delivery, verdict: NonNullable<RunOptions['verdict']>): Promise<boolean> {
    for (let delivery: Delivery | undefined = first; delivery; delivery = await delivery.next?.()) {
      seen.push(delivery)
      if (!(await take(delivery, await verdict(delivery)))) return false
    }
    return true
  }

  function keep(delivery: Delivery, offset: number, complete: boolean): void {
    const entry = delivery.checkpoint?.(offset, complete)
    if (entry) values.set(entry.key, entry.value)
  }

  return {
    state,
    get taken() {
      return [...taken.values()]
    },
    seen,
    async run(source, { once = false, signal, verdict = takeAll, done = () => false } = {}) {
      const ended = new AbortController()
      const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
      try {
        for await (const batch of source.read({ signal: either, once })) {
          const failed = new Set<string>()
          for (const delivery of batch.deliveries) {
            const all = await takeWithNext(delivery, verdict).catch(() => false)
            if (!all) failed.add(delivery.id)
          }
          await batch.settle(failed)
          if (done()) return
        }
      } finally {
        ended.abort()
      }
    },
  }
}

const takeAll = (): Verdict => 'take'

async function decoded(delivery: Delivery, decoders: readonly Decoder[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of delivery.body()) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const decoder = (delivery.offset ?? 0) === 0 ? decoders.find((one) => one.detects(bytes)) : undefined
  return decoder ? Buffer.from(decoder.decode(bytes, 1e9)) : bytes
}
