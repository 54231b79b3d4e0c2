import type { Alert, Severity } from '../contracts/index.ts'
import { type Hash, rateDigestId, updateId } from '../ids.ts'
import { highestSeverity } from '../severity.ts'
import { plural } from '../text/quantity.ts'

/** The rule and the log type under which a digest goes out. */
export const rateDigestRule = 'streamalert-digest'
export const rateDigestSchema = 'streamalert:digest'

/** A digest names so many alerts by id, and tells of so many rules in its text; it counts all. */
export const namedAlerts = 100
const toldRules = 20

/** What one output was not told singly within a window. */
export interface Surplus {
  readonly output: string
  /** The window, epoch milliseconds. */
  readonly from: number
  readonly until: number
  /** Each rule and severity once. At least one. */
  readonly counts: readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[]
  /** Ids of the first of them, at most `namedAlerts`. */
  readonly alerts: readonly string[]
  readonly cluster: string
  /** A digest of this window was raised before: this one updates it. */
  readonly again: boolean
}

/** One alert that counts and links what it stands for. Its id derives from output, window and, for an update, the count. */
export function digestOf(surplus: Surplus, hash: Hash, now: number): Alert {
  const { output, from, until, cluster, alerts } = surplus
  const rules = byRule(surplus)
  const total = rules.reduce((sum, { count }) => sum + count, 0)
  const first = rateDigestId(hash, output, until)
  const id = surplus.again ? updateId(hash, first, total) : first
  const command = `streamalert alerts list --digest ${id}`
  const span = `from ${iso(from)} to ${iso(until)}`
  return {
    id,
    rule: rateDigestRule,
    severity: highestSeverity(rules.map(({ severity }) => severity)),
    title: `${plural(total, 'more alert')} of ${rules.length === 1 ? rules[0]!.rule : plural(rules.length, 'rule')}`,
    description: [
      `${output} takes no more alerts one by one ${span}: its rate limit was reached. All of them are stored: ${command}`,
      ...rules
        .slice(0, toldRules)
        .map(({ rule, count, severity }) => `${rule}: ${plural(count, 'alert')}, ${severity}.`),
      ...(rules.length > toldRules ? [`And ${plural(rules.length - toldRules, 'rule')} more.`] : []),
    ].join('\n'),
    createdAt: iso(now),
    cluster,
    source: 'streamalert:rates',
    schema: rateDigestSchema,
    record: {
      id,
      schema: rateDigestSchema,
      source: 'streamalert:rates',
      cluster,
      position: `${output}#${until}`,
      receivedAt: now,
      time: Math.min(until, now),
      data: { output, from: iso(from), until: iso(until), count: total, rules, alerts, command },
    },
    outputs: [output],
    context: {},
    staged: false,
    ...(surplus.again && { updates: first }),
  }
}

/** The rules with the most alerts first, each with its highest severity. */
function byRule({ counts }: Surplus): { rule: string; count: number; severity: Severity }[] {
  return [...Map.groupBy(counts, ({ rule }) => rule)]
    .map(([rule, group]) => ({
      rule,
      count: group.reduce((sum, { count }) => sum + count, 0),
      severity: highestSeverity(group.map(({ severity }) => severity)),
    }))
    .toSorted((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1))
}

/** What a digest stands for, for `AlertQuery`; undefined for any other alert. */
export function digestedBy({ rule, record }: Alert): { readonly output: string; readonly until: number } | undefined {
  if (rule !== rateDigestRule || record.schema !== rateDigestSchema) return undefined
  return { output: String(record.data['output']), until: Date.parse(String(record.data['until'])) }
}

const iso = (time: number) => new Date(time).toISOString()
