import type { Tally } from './tally.ts'

/**
 * Counts the records that rules were asked about: those for which all that is declared held. Told only of rules that fail,
 * so that sound rules cost no counter; what one was asked before it failed is told with its next failure, up to a bound
 * that leaves the share of failures right down to one in a thousand.
 */
export interface Asked {
  ask(rule: number): void
  failed(rule: number): void
  /** At the end of a frame. */
  tell(tally: Tally): void
}

const mostBefore = 1_000

/** `names`: of the rules, by number. */
export function createAsked(names: readonly string[]): Asked {
  const here = new Float64Array(names.length)
  const before = new Float64Array(names.length)
  const failing = new Set<number>()
  const touched = new Set<number>()
  return {
    ask(rule) {
      if (here[rule]!++ === 0) touched.add(rule)
    },
    failed: (rule) => void failing.add(rule),
    tell(tally) {
      for (const rule of failing) {
        tally.add('asked', { rule: names[rule]! }, Math.max(here[rule]! + before[rule]!, 1))
        before[rule] = 0
        here[rule] = 0
      }
      for (const rule of touched) before[rule] = Math.min(before[rule]! + here[rule]!, mostBefore)
      for (const rule of touched) here[rule] = 0
      failing.clear()
      touched.clear()
    },
  }
}
