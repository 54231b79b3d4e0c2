import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 able to stop code of a project, wherever it hangs. Flags are the process's: call it before a thread that runs
 * such code is started.
 *
 * - A loop that V8 optimises while it runs (on-stack replacement) loses its checks for interruption when it calls only
 *   built-in functions: `for (;;) list.push(new Array(1000).fill(1))` can then neither be asked for its memory nor be
 *   terminated, and in the end takes the whole process with it. Functions are optimised all the same, between two calls.
 * - A regular expression that backtracks without end goes over to an engine of linear time.
 */
export function makeCodeStoppable(): void {
  setFlagsFromString('--no-use-osr')
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
}

/**
 * Gives threads that are started from now on 8 MB for young objects at once. V8 begins with 1 MB, and collects garbage
 * dozens of times while modules load: a third of the processor time of a start.
 */
export function giveThreadsRoom(): void {
  setFlagsFromString('--min-semi-space-size=8')
}

/**
 * The heaps of this process keep the room for young objects that they have by now. V8 would double it again and again, to 128 MB for
 * the main thread, where next to nothing outlives a batch.
 */
export function keepRoom(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
