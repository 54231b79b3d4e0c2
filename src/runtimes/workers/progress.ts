import type { Failure, Guard } from '../../core/evaluate/index.ts'

/**
 * Where a worker stands, in memory: for a thread memory shared with the one that watches it, for a process its own, of which it
 * sends images. Plain stores: a store costs a nanosecond, and the watcher only needs to see it within milliseconds.
 */
export interface Place {
  readonly job: number
  readonly frame: number
  readonly phase: Phase
  /** The text's number (parsing) or the record's (matching). */
  readonly item: number
  readonly rule: number
}

export type Phase = 'idle' | 'decoding' | 'parsing' | 'matching'

const phases: readonly Phase[] = ['idle', 'decoding', 'parsing', 'matching']
const cells = { beat: 0, job: 1, frame: 2, phase: 3, item: 4, rule: 5 } as const

export type Progress = Int32Array

/** Bytes of an image of it. */
export const progressBytes = Object.keys(cells).length * 4

export const createProgress = (): Progress => new Int32Array(new SharedArrayBuffer(progressBytes))

export const createLocalProgress = (): Progress => new Int32Array(new ArrayBuffer(progressBytes))

/** Changes with every step; wraps around. */
export const beat = (progress: Progress): number => Atomics.load(progress, cells.beat)

export function place(progress: Progress): Place {
  return {
    job: progress[cells.job]!,
    frame: progress[cells.frame]!,
    phase: phases[progress[cells.phase]!] ?? 'idle',
    item: progress[cells.item]!,
    rule: progress[cells.rule]!,
  }
}

/** Says that job `job` begins, or with 0 that the worker is idle. */
export function markJob(progress: Progress, job: number): void {
  progress[cells.job] = job
  progress[cells.phase] = 0
  progress[cells.beat]!++
}

/** What a run of a job must leave out, since it failed before. */
export interface Exceptions {
  /** Texts and pairs by their place; without `failure` another run answers for them. */
  readonly places: readonly { readonly place: Place; readonly failure?: Failure }[]
  /** The only pair to evaluate: everything else is skipped. */
  readonly only?: Place
  /** Rules by number that are not run for now. */
  readonly suspended: readonly { readonly rule: number; readonly failure: Failure }[]
}

/**
 * The guard of one frame in a worker: writes the place down and leaves out the exceptions. `tell` is called at each step, once
 * the place is written and before the step begins.
 */
export function progressGuard(
  progress: Progress,
  frame: number,
  { places, only, suspended }: Exceptions,
  tell?: () => void,
): Guard {
  const write = (phase: number) => {
    progress[cells.phase] = phase
    progress[cells.beat]!++
  }
  const step = !tell ? write : (phase: number) => (write(phase), tell())
  const here = places.filter(({ place }) => place.frame === frame)
  const texts = new Set(here.filter(({ place }) => place.phase === 'parsing').map(({ place }) => place.item))
  const pairs = new Map(
    here
      .filter(({ place }) => place.phase === 'matching')
      .map(({ place, failure }) => [pairKey(place.rule, place.item), failure]),
  )
  const off = new Map(suspended.map(({ rule, failure }) => [rule, failure]))
  const unexceptional = pairs.size === 0 && off.size === 0 && !only

  return {
    decoding() {
      progress[cells.frame] = frame
      step(1)
    },
    parsing(text) {
      progress[cells.item] = text
      step(2)
      return !texts.has(text)
    },
    matching(rule, item) {
      progress[cells.rule] = rule
      progress[cells.item] = item
      step(3)
      if (unexceptional) return 'run'
      if (only) return only.rule === rule && only.item === item ? 'run' : 'skip'
      const key = pairKey(rule, item)
      if (pairs.has(key)) return pairs.get(key) ?? 'skip'
      return off.get(rule) ?? 'run'
    },
    done: () => step(0),
  }
}

const pairKey = (rule: number, item: number) => `${rule}/${item}`
