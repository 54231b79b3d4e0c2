import type { Failure } from '../../core/evaluate/index.ts'

/**
 * Rules that stop their worker again and again are left out for a while: each such failure costs a restart. Their
 * verdicts go to quarantine meanwhile, and can be retried.
 */
export interface Strikes {
  /** A rule stopped its worker, also when run alone. */
  failed(rule: number, now: number): void
  /** A rule that failed before ran well. */
  ran(rule: number): void
  suspended(now: number): readonly { readonly rule: number; readonly failure: Failure }[]
}

const strikesAllowed = 3
const pauseMs = 60_000

export function createStrikes(): Strikes {
  const byRule = new Map<number, { count: number; until: number }>()
  return {
    failed(rule, now) {
      const count = (byRule.get(rule)?.count ?? 0) + 1
      byRule.set(rule, { count, until: count >= strikesAllowed ? now + pauseMs : 0 })
    },
    ran: (rule) => void byRule.delete(rule),
    suspended: (now) =>
      [...byRule].filter(([, { until }]) => until > now).map(([rule]) => ({ rule, failure: suspendedFailure })),
  }
}

const suspendedFailure: Failure = {
  reason: 'RULE_SUSPENDED',
  message: `The rule stopped its worker ${strikesAllowed} times in a row and is left out for ${pauseMs / 1000} s. Mend it, then retry this verdict.`,
}
