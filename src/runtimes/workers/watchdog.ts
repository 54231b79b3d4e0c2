/**
 * Decides when a worker has spent too much on one step. Time is the worker's own processor time, so a machine
 * that is busy with other things never costs a verdict; only a step that sleeps (Atomics.wait) is measured by the clock,
 * and far more generously.
 */
export interface StepLimits {
  /** Processor time of one step, milliseconds. */
  readonly cpuMs: number
  /** Time on the clock of one step that uses no processor, milliseconds. */
  readonly idleMs: number
  /** Memory of each kind that is counted apart, bytes. */
  readonly memoryBytes: number
}

/** What a worker uses. */
export interface Usage {
  /** Processor time so far, milliseconds. */
  readonly cpu: number
  /** Where memory lies, in words → bytes. */
  readonly memory: Readonly<Record<string, number>>
}

/** One look at a worker. */
export interface Sample extends Usage {
  /** Changes with every step. */
  readonly beat: number
  /** Clock, milliseconds. */
  readonly at: number
}

/** Compares the first look at a step with the latest one at the same step. */
export function overstepped(first: Sample, now: Sample, limits: StepLimits): 'timeout' | 'memory' | undefined {
  if (Math.max(...Object.values(now.memory)) > limits.memoryBytes) return 'memory'
  if (now.beat !== first.beat) return undefined
  if (now.cpu - first.cpu >= limits.cpuMs) return 'timeout'
  return now.at - first.at >= limits.idleMs && now.cpu - first.cpu < limits.cpuMs / 2 ? 'timeout' : undefined
}
