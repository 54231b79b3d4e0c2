import type { Hit } from '../contracts/index.ts'
import { digestId, type Hash } from '../ids.ts'
import { plural, span } from '../text/quantity.ts'
import { type Lives, type Staged, stagedRules } from './life.ts'

/** The rule and the log type under which a digest goes out. */
export const digestRule = 'streamalert-staging-digest'
export const digestSchema = 'streamalert:staging'

/** The text tells of so many rules; the record of all. */
const mostTold = 20

export interface DigestOptions {
  readonly lives: Lives
  /** Rule → staged alerts since it was staged; a rule that is not in it raised none. */
  readonly alerts: ReadonlyMap<string, number>
  readonly outputs: readonly string[]
  readonly cluster: string
  /** When the digest was due, epoch milliseconds: there is one digest for each such time. */
  readonly at: number
  readonly now: number
  readonly hash: Hash
}

/** How many alerts each staged rule would have sent: a hit like any other, so that it is stored, sent and tried again as such. */
export function digestHit({ lives, alerts, outputs, cluster, at, now, hash }: DigestOptions): Hit {
  const rules = stagedRules(lives)
    .map(({ rule, staged }) => lineOf(rule, staged, alerts.get(rule) ?? 0, now))
    .toSorted((one, other) => other.alerts - one.alerts || (one.rule < other.rule ? -1 : 1))
  const total = rules.reduce((sum, rule) => sum + rule.alerts, 0)
  const id = digestId(hash, at)
  return {
    id,
    rule: digestRule,
    mode: 'live',
    severity: 'info',
    title: `${plural(rules.length, 'staged rule')}: ${plural(total, 'alert')} not sent`,
    description: describe(rules),
    context: {},
    outputs,
    record: {
      id,
      schema: digestSchema,
      source: 'streamalert:staging',
      cluster,
      position: `staging#${at}`,
      receivedAt: now,
      time: now,
      data: { rules },
    },
  }
}

type Line = ReturnType<typeof lineOf>

function describe(rules: readonly Line[]): string {
  const lines = rules
    .slice(0, mostTold)
    .map(({ rule, alerts, state }) => `${rule}: ${plural(alerts, 'alert')}, ${state}.`)
  const more = rules.length - lines.length
  return [...lines, ...(more > 0 ? [`And ${plural(more, 'rule')} more.`] : [])].join('\n')
}

function lineOf(rule: string, { since, until, maxAlerts }: Staged, alerts: number, now: number) {
  const times = { stagedSince: iso(since), stagedUntil: until === undefined ? null : iso(until) }
  return { rule, alerts, maxAlerts, ...times, state: stateOf(until, now) }
}

function stateOf(until: number | undefined, now: number): string {
  if (until === undefined) return 'staged until it is promoted by hand'
  return until > now ? `staged for ${span(until - now)} more` : `its time has been over for ${span(now - until)}`
}

const iso = (time: number) => new Date(time).toISOString()
