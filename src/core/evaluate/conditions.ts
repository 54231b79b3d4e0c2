import type { Rule, RuleContext } from '../contracts/index.ts'

/** A rule's question to a record, in two halves: what is declared needs no context, and calls nothing of the rule's. */
export interface Conditions {
  /** Whether all that is declared holds: required fields, `where`, and matchers made of conditions. Undefined: nothing is. */
  readonly declared: ((data: unknown) => boolean) | undefined
  /** Matchers that are functions, then `match`: all must answer `true`. They may throw. */
  readonly functions: readonly ((record: never, context: RuleContext) => boolean)[]
}

/** Matchers that are functions, then `match`. */
export const functionsOf = ({ matchers, match }: Rule) => [
  ...matchers.flatMap((matcher) => matcher.test ?? []),
  ...(match ? [match] : []),
]

/** `where`, then matchers that are made of conditions. */
export const wheresOf = ({ where, matchers }: Rule) => [
  ...(where ? [where] : []),
  ...matchers.flatMap((matcher) => matcher.where ?? []),
]

export function compileConditions(rule: Rule): Conditions {
  const { requires } = rule
  const wheres = wheresOf(rule)
  const tests = [
    ...requires.map((path) => (data: unknown) => path.some(data, isThere)),
    ...wheres.map((conditions) => (data: unknown) => conditions.holds(data)),
  ]
  const [first] = tests
  return {
    // Most rules have one of them: asked about each record, it costs one call.
    declared: tests.length < 2 ? first : (data) => tests.every((holds) => holds(data)),
    functions: functionsOf(rule),
  }
}

/** Whatever is found is there, null too. */
export const isThere = () => true
