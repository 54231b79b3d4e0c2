import type { Count } from '../contracts/index.ts'

/** A rule that fails on more than its share of records. */
export interface Failing {
  readonly rule: string
  /** Verdicts and parts of alerts that failed. */
  readonly failed: number
  /** Records it was asked about: those for which all that it declares held. */
  readonly asked: number
  /** The most frequent error: a code, or `title: message`. */
  readonly error: string
}

/** Counts the failures of rules over the last while. */
export interface Failures {
  add(counts: readonly Count[], now: number): void
  failing(now: number): readonly Failing[]
}

interface Tallied {
  readonly at: number
  readonly asked: number
  readonly errors: ReadonlyMap<string, number>
}

/** Sums are kept in so many parts of the window: what is told lies at most one part behind. */
const parts = 10

/** `share`: of the records a rule was asked about. Only rules that fail take any room. */
export function createFailures({ share, windowMs }: { readonly share: number; readonly windowMs: number }): Failures {
  const byRule = new Map<string, Tallied[]>()

  function recent(rule: string, now: number): Tallied[] {
    const kept = (byRule.get(rule) ?? []).filter(({ at }) => at > now - windowMs)
    if (kept.length > 0) byRule.set(rule, kept)
    else byRule.delete(rule)
    return kept
  }

  return {
    add(counts, now) {
      const at = Math.floor((now * parts) / windowMs) * (windowMs / parts)
      for (const { metric, labels, n } of counts) {
        const { rule, code = '' } = labels
        if (rule === undefined || (metric !== 'asked' && metric !== 'rule_errors')) continue
        const kept = byRule.get(rule) ?? []
        const last = kept.at(-1)?.at === at ? kept.pop()! : { at, asked: 0, errors: new Map<string, number>() }
        byRule.set(rule, [
          ...kept,
          metric === 'asked' ? { ...last, asked: last.asked + n } : { ...last, errors: more(last.errors, code, n) },
        ])
      }
    },
    failing(now) {
      return [...byRule.keys()]
        .map((rule) => sum(rule, recent(rule, now)))
        .filter(({ failed, asked }) => failed > share * asked)
        .toSorted((one, other) => (one.rule < other.rule ? -1 : 1))
    },
  }
}

const more = (errors: ReadonlyMap<string, number>, code: string, n: number) =>
  new Map([...errors, [code, (errors.get(code) ?? 0) + n]])

function sum(rule: string, tallied: readonly Tallied[]): Failing {
  let asked = 0
  let errors: ReadonlyMap<string, number> = new Map()
  for (const one of tallied) {
    asked += one.asked
    for (const [code, n] of one.errors) errors = more(errors, code, n)
  }
  const failed = [...errors.values()].reduce((all, n) => all + n, 0)
  const [error = ''] = [...errors].toSorted((one, other) => other[1] - one[1])[0] ?? []
  return { rule, failed, asked, error }
}
