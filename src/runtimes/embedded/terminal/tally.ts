import type {
  Committed,
  Count,
  FrameResult,
  QuarantineEntry,
  Settlement,
  Severity,
} from '../../../core/contracts/index.ts'
import { highestSeverity } from '../../../core/severity.ts'

/** What one run read, alerted and could not do: all that progress and summary show. */
export interface Tally {
  bytes: number
  /** Classified. */
  records: number
  quarantined: number
  /** Without updates. */
  alerts: number
  updates: number
  readonly sources: Map<string, SourceTally>
  /** Schema → records. */
  readonly schemas: Map<string, number>
  readonly rules: Map<string, RuleTally>
  readonly outputs: Map<string, OutputTally>
  /** Records that nothing classified, by reason, source and nearest schema. */
  readonly unknown: Map<string, Trouble>
  /** Verdicts that failed, by reason, source and rule. */
  readonly failed: Map<string, Trouble>
}

export interface SourceTally {
  readonly cluster: string
  readonly records: number
  readonly quarantined: number
  readonly bytes: number
}

export interface RuleTally {
  readonly severity: Severity
  readonly alerts: number
  /** Hits that joined an alert instead of raising one. */
  readonly merged: number
  readonly staged: boolean
}

export interface OutputTally {
  readonly sent: number
  /** Tries that failed and are repeated. */
  readonly retried: number
  readonly dead: number
}

/** A group of quarantined things, with one of them. */
export interface Trouble {
  readonly count: number
  readonly sample: QuarantineEntry
}

/** More kinds of trouble than this are counted with the last of their reason. */
const mostTroubles = 200

export const emptyTally = (): Tally => ({
  bytes: 0,
  records: 0,
  quarantined: 0,
  alerts: 0,
  updates: 0,
  sources: new Map(),
  schemas: new Map(),
  rules: new Map(),
  outputs: new Map(),
  unknown: new Map(),
  failed: new Map(),
})

/** Adds what was stored together. `ruleOf`: the rule of an alert that hits joined. */
export function addCommitted(
  tally: Tally,
  results: readonly FrameResult[],
  committed: Committed,
  ruleOf: (alert: string) => string | undefined,
): void {
  for (const { counts, quarantine } of results) {
    for (const count of counts) addCount(tally, count)
    for (const entry of quarantine) addTrouble(entry.kind === 'record' ? tally.unknown : tally.failed, entry)
  }
  for (const { rule, severity, staged, updates } of committed.alerts) {
    const { severity: known, alerts, merged } = tally.rules.get(rule) ?? { severity, alerts: 0, merged: 0 }
    const raised = updates === undefined ? 1 : 0
    tally.alerts += raised
    tally.updates += 1 - raised
    tally.rules.set(rule, { severity: highestSeverity([known, severity]), alerts: alerts + raised, merged, staged })
  }
  for (const [alert, count] of committed.joined) {
    const rule = ruleOf(alert)
    const known = rule === undefined ? undefined : tally.rules.get(rule)
    if (rule !== undefined && known) tally.rules.set(rule, { ...known, merged: known.merged + count })
  }
}

export function addSettled({ outputs }: Tally, { output, state }: Settlement): void {
  const { sent, retried, dead } = outputs.get(output) ?? { sent: 0, retried: 0, dead: 0 }
  outputs.set(output, {
    sent: sent + (state === 'sent' ? 1 : 0),
    retried: retried + (state === 'pending' ? 1 : 0),
    dead: dead + (state === 'dead' ? 1 : 0),
  })
}

function addCount(tally: Tally, { metric, labels, n }: Count): void {
  const { source = '', cluster = '', schema = '' } = labels
  if (metric !== 'records' && metric !== 'quarantined' && metric !== 'bytes') return
  tally[metric] += n
  const known = tally.sources.get(source) ?? { cluster, records: 0, quarantined: 0, bytes: 0 }
  tally.sources.set(source, { ...known, cluster: known.cluster || cluster, [metric]: known[metric] + n })
  if (metric === 'records') tally.schemas.set(schema, (tally.schemas.get(schema) ?? 0) + n)
}

function addTrouble(troubles: Map<string, Trouble>, entry: QuarantineEntry): void {
  const about = entry.rule ?? `${entry.nearest?.schema} ${entry.nearest?.field}`
  const whole = `${entry.reason} ${entry.source} ${about}`
  const key = troubles.has(whole) || troubles.size < mostTroubles ? whole : entry.reason
  const known = troubles.get(key)
  troubles.set(key, { count: (known?.count ?? 0) + 1, sample: known?.sample ?? entry })
}
