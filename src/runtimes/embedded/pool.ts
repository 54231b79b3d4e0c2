import type { Evaluator, Frame, RuleModes } from '../../core/contracts/index.ts'
import type { LoadedCode } from './protocol.ts'
import { runJob } from './run-job.ts'
import { createStrikes } from './strikes.ts'
import { makeCodeStoppable } from '../../project/v8-flags.ts'
import type { WorkerOptions } from './transport.ts'
import { startWorker, type WorkerHandle } from './worker-handle.ts'

export interface PoolOptions extends WorkerOptions {
  /** Workers. */
  readonly count: number
  /** Which rules are staged, now. */
  modes(): RuleModes
}

/** Workers behind one door. */
export interface Pool extends Evaluator {
  readonly loaded: LoadedCode
  /** Waits for running jobs, then stops the workers. */
  close(): Promise<void>
}

/**
 * Starts the workers; throws Problems when the project's code is broken. Jobs wait in turn for a free worker; callers
 * bound how many they have under way.
 */
export async function startPool(options: PoolOptions): Promise<Pool> {
  makeCodeStoppable()
  const first = await startWorker(options)
  const others = Array.from({ length: options.count - 1 }, () => startWorker(options))
  const slots: Slot[] = [Promise.resolve(first), ...others].map((worker) => ({ worker }))
  const free = [...slots]
  const waiting: ((slot: Slot) => void)[] = []
  const strikes = createStrikes()
  let lastId = 0
  const nextId = () => ++lastId
  const running = new Set<Promise<unknown>>()
  for (const worker of others) worker.catch(() => {})

  const take = () => new Promise<Slot>((resolve) => (free.length > 0 ? resolve(free.shift()!) : waiting.push(resolve)))
  const give = (slot: Slot) => {
    const next = waiting.shift()
    if (next) next(slot)
    else free.push(slot)
  }

  async function evaluate(frames: readonly Frame[]) {
    const slot = await take()
    try {
      const rules = options.modes()
      const moded = frames.map((frame) => ({ ...frame, rules }))
      return await runJob(moded, { worker: () => liveWorker(slot, options), strikes, now: Date.now, nextId })
    } finally {
      give(slot)
    }
  }

  return {
    loaded: first.loaded,
    evaluate(frames) {
      const job = evaluate(frames)
      running.add(job)
      const forget = () => void running.delete(job)
      job.then(forget, forget)
      return job
    },
    async close() {
      await Promise.allSettled(running)
      await Promise.allSettled(slots.map(async ({ worker }) => (await worker).stop()))
    },
  }
}

interface Slot {
  worker: Promise<WorkerHandle>
}

async function liveWorker(slot: Slot, options: WorkerOptions): Promise<WorkerHandle> {
  const worker = await slot.worker.catch(() => undefined)
  if (worker?.alive()) return worker
  slot.worker = startWorker(options)
  return slot.worker
}
