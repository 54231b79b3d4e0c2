import type { Rule, RuleContext } from '../contracts/index.ts'

/** A rule's question to a record, in two halves: what is declared needs no context, and calls nothing of the rule's. */
export interface Conditions {
  /** Whether all that is declared holds: required fields, `where`, and matchers made of conditions. */
  declared(data: unknown): boolean
  /** Matchers that are functions, then `match`: all must answer `true`. They may throw. */
  readonly functions: readonly ((record: never, context: RuleContext) => boolean)[]
}

export function compileConditions({ requires, where, matchers, match }: Rule): Conditions {
  const wheres = [...(where ? [where] : []), ...matchers.flatMap((matcher) => matcher.where ?? [])]
  const functions = [...matchers.flatMap((matcher) => matcher.test ?? []), ...(match ? [match] : [])]
  return {
    declared: (data) =>
      requires.every((path) => path.some(data, isThere)) && wheres.every((conditions) => conditions.holds(data)),
    functions,
  }
}

/** Whatever is found is there, null too. */
export const isThere = () => true
