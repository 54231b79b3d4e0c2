import type { Delivery, Evaluator, Frame, FrameResult, Host, IngestCall, IngestResult } from '../contracts/index.ts'
import { CodedError, messageOf } from '../errors.ts'
import { type Committer, createCommitter } from './committer.ts'
import { defaultFrameLimits, type FrameLimits } from './frames.ts'
import { createGatherer } from './gather.ts'
import { createMemory } from './memory.ts'
import { endingOf, packed, type Step, stepsOf } from './steps.ts'

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
    const opened = stepsOf(deliveries, host, { limits, memory, ending, failed }, fail)
    const packs = packed(opened, limits.job, isCompressed)
    for (;;) {
      const coming = packs.next()
      // What is evaluated is stored while a body is slow to come.
      while (jobs.length > 0 && (await isLater(coming, jobs[0]!.results))) await settleOldest()
      const { done, value: steps } = await coming
      if (done) break
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

/** True when `other` is settled, and `one` is not yet. */
const isLater = (one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> => {
  const settled = () => true
  return Promise.race([one.then(() => false), other.then(settled, settled)])
}

/** A job's steps with what became of them. */
interface Evaluated {
  readonly steps: readonly Step[]
  readonly results: readonly FrameResult[]
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
  const kept: FrameResult[] = []
  for (const [n, { delivery, frame, last, follows }] of steps.entries()) {
    const result = results[n]!
    const hasFailed = failed.has(delivery.id)
    if (!hasFailed || !follows) kept.push(result)
    if (hasFailed) continue
    const start = frame?.offset ?? ends.get(delivery.id) ?? delivery.offset ?? 0
    const end = start + result.bytes
    ends.set(delivery.id, end)
    const entry = delivery.checkpoint?.(end, last)
    if (entry) checkpoints.set(entry.key, entry)
  }
  await committer.add(kept, [...checkpoints.values()])
}

const failure = (delivery: Delivery, error: unknown) =>
  ({
    level: 'error',
    code: error instanceof CodedError ? error.code : 'SOURCE_FAILED',
    message: `${delivery.source}: ${delivery.origin}: ${messageOf(error)}`,
    source: delivery.source,
  }) as const
