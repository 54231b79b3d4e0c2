import type { Alert, RateLimit, Severity } from '../../core/contracts/index.ts'
import type { Hash } from '../../core/ids.ts'
import { digestOf, isWithin, namedAlerts, rateWindow } from '../../core/rates/index.ts'

interface Window {
  readonly output: string
  readonly from: number
  readonly until: number
  inAll: number
  readonly byRule: Map<string, number>
  /** By rule and severity. */
  readonly surplus: Map<string, { readonly rule: string; readonly severity: Severity; count: number }>
  /** Alerts that no digest has told. */
  open: number
  digests: number
}

/** What outputs with a rate limit were told, by window. */
export function createRates() {
  const windows = new Map<string, Window>()

  const windowOf = (limit: RateLimit, output: string, now: number): Window => {
    const span = rateWindow(limit, now)
    const key = `${output} ${span.until}`
    const window = windows.get(key) ?? {
      ...{ output, ...span, inAll: 0, open: 0, digests: 0 },
      byRule: new Map(),
      surplus: new Map(),
    }
    windows.set(key, window)
    return window
  }

  return {
    /** Counts an alert. Answers the end of the window whose digest is to tell it; undefined: it is told singly. */
    admit(limit: RateLimit | undefined, output: string, { rule, severity }: Alert, now: number): number | undefined {
      if (!limit) return undefined
      const window = windowOf(limit, output, now)
      const byRule = window.byRule.get(rule) ?? 0
      if (isWithin(limit, { byRule, inAll: window.inAll })) {
        window.inAll++
        window.byRule.set(rule, byRule + 1)
        return undefined
      }
      const key = `${severity} ${rule}`
      const counted = window.surplus.get(key) ?? { rule, severity, count: 0 }
      window.surplus.set(key, { ...counted, count: counted.count + 1 })
      window.open++
      return window.until
    },
    /** The digests of windows that end by `last`. `held`: the alerts of a window. */
    digests(last: number, held: (output: string, until: number) => readonly Alert[], hash: Hash, now: number): Alert[] {
      const ended = [...windows.values()].filter(({ open, until }) => open > 0 && until <= last)
      return ended.map((window) => {
        const { output, from, until, surplus, digests } = window
        const alerts = held(output, until).filter(({ updates }) => updates === undefined)
        window.open = 0
        window.digests++
        const told = {
          ...{ output, from, until, counts: [...surplus.values()], again: digests > 0 },
          alerts: alerts.slice(0, namedAlerts).map(({ id }) => id),
          cluster: alerts[0]?.cluster ?? '',
        }
        return digestOf(told, hash, now)
      })
    },
    /** Forgets windows that ended before, and are told. */
    forget(before: number): void {
      for (const [key, { until, open }] of windows) if (until < before && open === 0) windows.delete(key)
    },
    count: () => windows.size,
    /** When the next window ends that has something to tell. */
    next(): number | undefined {
      const ends = [...windows.values()].filter(({ open }) => open > 0).map(({ until }) => until)
      return ends.length === 0 ? undefined : Math.min(...ends)
    },
  }
}
