import type { Code } from '../errors.ts'

/**
 * What the evaluation is doing, told to whoever watches it from outside (runtimes/workers/watchdog.ts).
 * Called once for each text and for each (rule, record) pair, so an implementation must cost a few nanoseconds.
 */
export interface Guard {
  /** Decoding frame `frame`. */
  decoding(frame: number): void
  /** Parsing text number `piece` of the frame. False: leave it out; it goes to quarantine. */
  parsing(piece: number): boolean
  /** Evaluating rule number `rule` on record number `item` of the frame. */
  matching(rule: number, item: number): Permission
  /** All of the frame is done. */
  done(): void
}

/** `run`: go on. `skip`: leave it out, another run answers for it. Else why it failed: it goes to quarantine. */
export type Permission = 'run' | 'skip' | Failure

/** Why something was left out for good. */
export interface Failure {
  readonly reason: Code
  readonly message: string
}

/** Watches nothing: for evaluation in the caller's own thread. */
export const unguarded: Guard = {
  decoding: () => {},
  parsing: () => true,
  matching: () => 'run',
  done: () => {},
}
