import type {
  Delivery,
  Evaluator,
  Frame,
  FrameResult,
  Host,
  IngestCall,
  IngestResult,
  QuarantineEntry,
  Resume,
} from '../contracts/index.ts'
import { CodedError, messageOf } from '../errors.ts'
import { type Committer, createCommitter } from './committer.ts'
import { defaultFrameLimits, type FrameLimits, framesOf } from './frames.ts'
import { createGatherer } from './gather.ts'
import { headAfter } from '../split/head.ts'
import { createMemory, type Memory } from './memory.ts'

export type { FrameLimits } from './frames.ts'

export interface IngestOptions {
  readonly limits?: FrameLimits
  /** Jobs that one call may have under way; one more than there are workers keeps them all busy. */
  readonly concurrency: number
  /**
   * Bytes that all calls together may have under way. Past it each call goes on with one job at a time, so that none waits for
   * another. Default: 64 MiB.
   */
  readonly budget?: number
}

type IngestHost = Pick<
  Host,
  'store' | 'evaluator' | 'segments' | 'decoders' | 'clusters' | 'framings' | 'now' | 'log' | 'onCommitted' | 'hash'
>

/** Frames that travel to a worker together at most. */
const jobFrames = 256

/**
 * The way in: opens deliveries, evaluates their frames, and stores results in the order of each delivery, each with the
 * delivery's checkpoint. A delivery fails as a whole when its body or the store fails; its results so far stand, and give
 * nothing new when they come again. Where the time is short, the rest of a large delivery is left (`IngestCall`).
 */
export function createIngest(
  host: IngestHost,
  { limits = defaultFrameLimits, concurrency, budget = 64 * 1_048_576 }: IngestOptions,
) {
  const committer = createCommitter(host.store, host.now, (committed, results) =>
    host.onCommitted?.(committed, results),
  )

  const memory = createMemory()
  const isCompressed = ({ encoded, bytes }: Frame) => encoded && host.decoders.some((decoder) => decoder.detects(bytes))
  let underWay = 0

  return async function ingest(deliveries: readonly Delivery[], call: IngestCall = {}): Promise<IngestResult> {
    const failed = new Set<string>()
    const ending = endingOf(call)
    const ends = new Map<string, number>()
    const fail = (delivery: Delivery, error: unknown) => {
      if (!failed.has(delivery.id)) host.log(failure(delivery, error))
      failed.add(delivery.id)
    }
    const failAll = (steps: readonly Step[], error: unknown) => {
      for (const { delivery } of steps) fail(delivery, error)
    }
    const jobs: { steps: readonly Step[]; bytes: number; results: Promise<readonly FrameResult[]> }[] = []
    const gatherer = host.segments && createGatherer(host.segments)
    // Jobs whose records are not yet in history; without history, one at a time.
    let evaluated: Evaluated[] = []
    // One commit after another: no checkpoint may become durable after a commit before it has failed.
    const storeEvaluated = async () => {
      const some = evaluated
      evaluated = []
      // Alerts do not wait for history: they are stored without a checkpoint, and give nothing new when all comes again.
      await gatherer?.put().catch((error: unknown) => some.forEach(({ steps }) => failAll(steps, error)))
      for (const { steps, results } of some) {
        await commitSteps(committer, steps, results, failed, ends).catch((error: unknown) => failAll(steps, error))
      }
    }
    const gathered = ({ frame }: Step, result: FrameResult) => (frame && gatherer?.add(frame, result)) ?? result
    const settleOldest = async () => {
      const { steps, bytes, results } = jobs.shift()!
      try {
        const done = await results
        for (const { frame } of steps) if (frame) memory.give(frame.bytes)
        evaluated.push({ steps, results: done.map((result, n) => gathered(steps[n]!, result)) })
        if (!gatherer || gatherer.isFull()) await storeEvaluated()
      } catch (error) {
        failAll(steps, error)
      } finally {
        underWay -= bytes
      }
    }

    const isFull = () => jobs.length >= concurrency || underWay > budget
    const opened = stepsOf(deliveries, host, { limits, memory, ending }, fail)
    for await (const steps of packed(opened, limits.job, isCompressed)) {
      const bytes = steps.reduce((sum, { frame }) => sum + (frame?.bytes.byteLength ?? 0), 0)
      underWay += bytes
      jobs.push({ steps, bytes, results: evaluate(host.evaluator, steps) })
      // Marked as handled: a failure is met again when its turn comes.
      jobs.at(-1)!.results.catch(() => {})
      while (jobs.length > 0 && isFull()) await settleOldest()
    }
    while (jobs.length > 0) await settleOldest()
    await storeEvaluated()
    const { left, cut } = ending
    const cursor = cut && !failed.has(cut.id) ? ends.get(cut.id) : undefined
    if (cut && cursor === undefined) failed.add(cut.id)
    return { failed: [...failed, ...left], ...(cut && cursor !== undefined && { resume: { ...cut, cursor } }) }
  }
}

/** How a call comes to its end. */
interface Ending {
  /** Once true, it stays so. */
  isShort(): boolean
  /** Deliveries that were not begun. */
  readonly left: string[]
  /** The delivery that was left in the middle. */
  cut?: Omit<Resume, 'cursor'>
}

function endingOf({ isShort }: IngestCall): Ending {
  let short = false
  return { isShort: () => (short ||= isShort?.() ?? false), left: [] }
}

/** A stretch of a delivery, or its end without one. */
interface Step {
  readonly delivery: Delivery
  readonly frame?: Frame
  /** Instead of a frame: what is known without evaluation. */
  readonly result?: FrameResult
  readonly last: boolean
}

/** A job's steps with what became of them. */
interface Evaluated {
  readonly steps: readonly Step[]
  readonly results: readonly FrameResult[]
}

async function* stepsOf(
  deliveries: readonly Delivery[],
  host: IngestHost,
  { limits, memory, ending }: { readonly limits: FrameLimits; readonly memory: Memory; readonly ending: Ending },
  fail: (delivery: Delivery, error: unknown) => void,
): AsyncGenerator<Step> {
  for (const delivery of deliveries) {
    if (ending.isShort()) {
      ending.left.push(delivery.id)
      continue
    }
    const cluster = delivery.cluster ?? host.clusters.get(delivery.source) ?? ''
    const framings = host.framings(delivery.source)
    let before: Frame | undefined
    try {
      for await (const frame of framesOf(delivery, {
        cluster,
        mode: 'live',
        framings,
        decoders: host.decoders,
        limits,
        memory,
      })) {
        if (before) yield { delivery, frame: before, last: false }
        before = frame
        if (frame.encoded || !ending.isShort()) continue
        ending.cut = placeBehind(delivery, frame)
        break
      }
      yield { delivery, ...(before && { frame: before }), last: !ending.cut }
    } catch (error) {
      const place = placeBehind(delivery, before)
      if (before) yield { delivery, frame: before, last: false }
      if (error instanceof CodedError && error.code.startsWith('BODY_')) {
        yield { delivery, result: damaged(delivery, cluster, error, host), last: true }
      } else if (ending.isShort()) ending.cut = place
      else fail(delivery, error)
    }
  }
}

/** What the rest of a delivery is to be read with, behind the last frame that was taken. */
function placeBehind({ id }: Delivery, frame: Frame | undefined): Omit<Resume, 'cursor'> {
  const firstLine = frame?.firstLine
  return {
    id,
    ...(frame?.framing && { framing: frame.framing }),
    ...(frame && firstLine !== undefined && { firstLine: headAfter(frame.bytes, firstLine) }),
  }
}

/** How many times as long a text is as its compressed form, about: jobs are to be of one size, so that workers end together. */
const inflation = 8

async function* packed(
  steps: AsyncIterable<Step>,
  jobBytes: number,
  isCompressed: (frame: Frame) => boolean,
): AsyncGenerator<readonly Step[]> {
  let pack: Step[] = []
  let bytes = 0
  for await (const step of steps) {
    pack.push(step)
    const { frame } = step
    if (frame) bytes += frame.bytes.byteLength * (isCompressed(frame) ? inflation : 1)
    // Stretches of one delivery were cut for several workers.
    if (bytes < jobBytes && pack.length < jobFrames && (frame?.encoded ?? true)) continue
    yield pack
    pack = []
    bytes = 0
  }
  if (pack.length > 0) yield pack
}

async function evaluate(evaluator: Evaluator, steps: readonly Step[]): Promise<readonly FrameResult[]> {
  const frames = steps.flatMap((step) => step.frame ?? [])
  const results = frames.length === 0 ? [] : await evaluator.evaluate(frames)
  let next = 0
  return steps.map((step) => (step.frame ? results[next++]! : (step.result ?? nothing)))
}

const nothing: FrameResult = { hits: [], quarantine: [], counts: [], bytes: 0, records: 0 }

/**
 * Stores a job's results in one transaction, with the checkpoints of the deliveries that have not failed. `ends`: delivery →
 * the offset up to which it was read before.
 */
async function commitSteps(
  committer: Committer,
  steps: readonly Step[],
  results: readonly FrameResult[],
  failed: ReadonlySet<string>,
  ends: Map<string, number>,
): Promise<void> {
  const checkpoints = new Map<string, { key: string; value: string }>()
  for (const [n, { delivery, frame, last }] of steps.entries()) {
    if (failed.has(delivery.id)) continue
    const start = frame?.offset ?? ends.get(delivery.id) ?? delivery.offset ?? 0
    const end = start + results[n]!.bytes
    ends.set(delivery.id, end)
    const entry = delivery.checkpoint?.(end, last)
    if (entry) checkpoints.set(entry.key, entry)
  }
  await committer.add(results, [...checkpoints.values()])
}

function damaged(delivery: Delivery, cluster: string, error: CodedError, host: IngestHost): FrameResult {
  const position = `${delivery.origin}#${delivery.offset ?? 0}`
  const { source, receivedAt } = delivery
  const entry: QuarantineEntry = {
    id: host.hash(JSON.stringify(['body', delivery.id])).slice(0, 32),
    kind: 'record',
    reason: error.code,
    message: error.message,
    ...{ source, cluster, position, receivedAt },
    raw: new Uint8Array(0),
  }
  const counts = [{ metric: 'quarantined', labels: { source, cluster, reason: error.code }, n: 1 }] as const
  return { hits: [], quarantine: [entry], counts, bytes: 0, records: 1 }
}

const failure = (delivery: Delivery, error: unknown) =>
  ({
    level: 'error',
    code: error instanceof CodedError ? error.code : 'SOURCE_FAILED',
    message: `${delivery.source}: ${delivery.origin}: ${messageOf(error)}`,
    source: delivery.source,
  }) as const
