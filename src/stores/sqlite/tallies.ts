import type { Alert, RateLimits } from '../../core/contracts/index.ts'
import { isWithin, rateWindow } from '../../core/rates/index.ts'
import type { Database } from './database.ts'

/** Counts, within one transaction, what outputs with a rate limit are told: each window is read and written once. */
export interface Tallies {
  /** Counts an alert to an output. Answers the end of the window whose digest is to tell it; undefined: it is told singly. */
  admit(output: string, alert: Alert): number | undefined
  /** Writes the counts, and forgets them. */
  flush(): void
}

interface Window {
  readonly output: string
  readonly from: number
  readonly until: number
  inAll: number
  readonly byRule: Map<string, number>
  /** By rule and severity: what this transaction adds. */
  readonly added: Map<string, { rule: string; severity: string; told: number; surplus: number }>
}

export function createTallies(db: Database, rates: RateLimits | undefined, now: number): Tallies {
  const windows = new Map<string, Window>()
  return {
    admit(output, { rule, severity }) {
      const limit = rates?.get(output)
      if (!limit) return undefined
      let window = windows.get(output)
      if (!window) windows.set(output, (window = read(db, output, rateWindow(limit, now))))
      const byRule = window.byRule.get(rule) ?? 0
      const single = isWithin(limit, { byRule, inAll: window.inAll })
      const key = `${severity} ${rule}`
      let counts = window.added.get(key)
      if (!counts) window.added.set(key, (counts = { rule, severity, told: 0, surplus: 0 }))
      if (!single) {
        counts.surplus++
        return window.until
      }
      counts.told++
      window.inAll++
      window.byRule.set(rule, byRule + 1)
      return undefined
    },
    flush() {
      for (const window of windows.values()) write(db, window)
      windows.clear()
    },
  }
}

function read(db: Database, output: string, span: { from: number; until: number }): Window {
  const rows = db.all<{ rule: string; told: number }>(
    'SELECT rule, sum(told) AS told FROM rates WHERE output = ? AND until = ? GROUP BY rule',
    [output, span.until],
  )
  return {
    output,
    ...span,
    inAll: rows.reduce((sum, { told }) => sum + told, 0),
    byRule: new Map(rows.map(({ rule, told }) => [rule, told])),
    added: new Map(),
  }
}

function write(db: Database, { output, from, until, added }: Window): void {
  for (const { rule, severity, told, surplus } of added.values()) {
    db.run(
      `INSERT INTO rates (output, until, rule, severity, since, told, surplus) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET told = told + excluded.told, surplus = surplus + excluded.surplus`,
      [output, until, rule, severity, from, told, surplus],
    )
  }
}
