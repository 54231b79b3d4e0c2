import type { Expression, Super } from 'acorn'
import { type Term, nothing, skipped, unknown, unlessVain } from './term.ts'

export type Compile = (node: Expression) => Term

/** What a link of a chain begins from. */
export const linkFrom = (node: Expression | Super, compile: Compile): Term =>
  node.type === 'Super' ? nothing : compile(node)

/** What follows from a value whose members are not known: nothing but that the chain may end there. */
export const beyond = (value: unknown, optional: boolean) =>
  value === skipped || (optional && (value === undefined || value === null)) ? skipped : unknown

/** A link that is not understood. If the chain ended before, it makes no difference. */
export function unclear(from: Term, optional: boolean): Term {
  const skips = (optional && from.canBe.falsy) || from.skips === true
  const canBe = { false: false, falsy: skips, truthy: false }
  return unlessVain({ paths: from.paths, canBe, skips, of: (data) => beyond(from.of(data), optional) })
}

/** What a chain comes to as a whole. */
export function leaving<T extends Term>(chain: T): T {
  const of = (data: unknown) => {
    const value = chain.of(data)
    return value === skipped ? undefined : value
  }
  return { ...chain, of, skips: false }
}
