import type { Alert, Evaluator, Frame, RuleModes } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import type { Publication } from '../../core/publish.ts'
import type { LoadedCode } from './protocol.ts'
import { runJob } from './run-job.ts'
import { createStrikes } from './strikes.ts'
import { makeCodeStoppable } from '../../project/v8-flags.ts'
import type { WorkerOptions } from './transport.ts'
import { createTurns } from './turns.ts'
import { startWorker, type WorkerHandle } from './worker-handle.ts'

export interface PoolOptions extends WorkerOptions {
  /** Workers. */
  readonly count: number
  /** Which rules are staged, now. */
  modes(): RuleModes
}

/** What publishers made of an alert; or why they failed, and whether they took their worker with them. */
export type Published = { readonly publication: Publication } | { readonly failure: string; readonly broke: boolean }

/** Workers behind one door. */
export interface Pool extends Evaluator {
  readonly loaded: LoadedCode
  /** Has publishers, by name, speak of an alert. Never rejects. */
  publish(alert: Alert, publishers: readonly string[]): Promise<Published>
  /** Waits for running jobs, then stops the workers. */
  close(): Promise<void>
}

/**
 * Starts the workers; throws Problems when the project's code is broken. Jobs wait for a free worker, and sources
 * take turns: what a flooded one has waiting delays nobody else. Callers bound how many jobs they have under way.
 */
export async function startPool(options: PoolOptions): Promise<Pool> {
  makeCodeStoppable()
  const first = await startWorker(options)
  const others = Array.from({ length: options.count - 1 }, () => startWorker(options))
  const slots: Slot[] = [Promise.resolve(first), ...others].map((worker) => ({ worker }))
  const { take, give } = createTurns(slots)
  const strikes = createStrikes()
  let lastId = 0
  const nextId = () => ++lastId
  const running = new Set<Promise<unknown>>()
  for (const worker of others) worker.catch(() => {})

  async function evaluate(frames: readonly Frame[]) {
    const slot = await take(frames[0]?.source ?? '')
    try {
      const rules = options.modes()
      const moded = frames.map((frame) => ({ ...frame, rules }))
      return await runJob(moded, { worker: () => liveWorker(slot, options), strikes, now: Date.now, nextId })
    } finally {
      give(slot)
    }
  }

  async function publish(alert: Alert, publishers: readonly string[]): Promise<Published> {
    const slot = await take(publishingLane)
    try {
      const worker = await liveWorker(slot, options)
      const exceptions = { places: [], suspended: [] }
      const job = { id: nextId(), frames: [], exceptions, traced: false, publishing: { alert, publishers } }
      const end = await worker.run(job)
      if (end.kind === 'broke') return { failure: end.message, broke: !worker.alive() }
      return { publication: end.publication ?? {} }
    } catch (error) {
      return { failure: messageOf(error), broke: true }
    } finally {
      give(slot)
    }
  }

  function counted<T>(job: Promise<T>): Promise<T> {
    running.add(job)
    const forget = () => void running.delete(job)
    job.then(forget, forget)
    return job
  }

  return {
    loaded: first.loaded,
    evaluate: (frames) => counted(evaluate(frames)),
    publish: (alert, publishers) => counted(publish(alert, publishers)),
    async close() {
      await Promise.allSettled(running)
      await Promise.allSettled(slots.map(async ({ worker }) => (await worker).stop()))
    },
  }
}

/** Publishers wait in a lane of their own: no source has such a name. */
const publishingLane = 'publishing'

interface Slot {
  worker: Promise<WorkerHandle>
}

async function liveWorker(slot: Slot, options: WorkerOptions): Promise<WorkerHandle> {
  const worker = await slot.worker.catch(() => undefined)
  if (worker?.alive()) return worker
  slot.worker = startWorker(options)
  return slot.worker
}
