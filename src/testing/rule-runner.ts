import type { Alert, Frame, Hit, Rule, Severity } from '../core/contracts/index.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { type Explanation, explain } from '../core/explain/index.ts'
import { unguarded } from '../core/evaluate/guard.ts'
import { compileRules } from '../core/evaluate/rules.ts'
import type { Item } from '../core/evaluate/item.ts'
import { createTally } from '../core/evaluate/tally.ts'
import { createMemoryStore } from '../stores/memory.ts'
import { inCase } from './case-surroundings.ts'
import type { RuleTest, RuleTestEvent } from './rule-test-file.ts'
import { type Prepared, itemOf } from './rule-test-record.ts'

export { type Prepared, prepareRuleTests } from './rule-test-record.ts'

/** What a case states or finds of an alert. */
export interface Verdict {
  readonly alerts: boolean
  readonly title?: string
  readonly severity?: Severity
  readonly dedup?: string
  readonly outputs?: readonly string[]
}

export interface RuleTestResult {
  readonly rule: string
  readonly name: string
  readonly ok: boolean
  readonly expected: Verdict
  readonly actual: Verdict | null
  /** Why the case could not be decided: an invalid record, a rule that threw. */
  readonly error?: { readonly code: string; readonly message: string }
  /** Of a case that fails: why its records match or do not, one by one. */
  readonly explanations?: readonly Explanation[]
}

/** Runs one case of one rule, in the same code that evaluates and merges while running. Never throws for a fault of the rule. */
export async function runRuleTest(rule: Rule, test: RuleTest, around: Prepared): Promise<RuleTestResult> {
  try {
    const items = itemsOf(rule, test, around)
    const result = await runOnItems(rule, test, items, around)
    return result.ok || result.error ? result : { ...result, explanations: explainItems(rule, test, items, around) }
  } catch (error) {
    return failed(rule, test, error)
  }
}

/** The same, on the records of the case, made before: many variants of a rule can be run on them. */
export async function runOnItems(
  rule: Rule,
  test: RuleTest,
  items: readonly Item[],
  around: Prepared,
): Promise<RuleTestResult> {
  const expected = expectedOf(test)
  try {
    const inside = inCase(rule, test, around)
    const hits = compileHits(rule, inside)(clusterOf(rule, test, around), items)
    const actual = pick(await alertOf(hits, inside), hits, expected)
    return { rule: rule.info.name, name: test.name, expected, ok: sameVerdict(expected, actual), actual }
  } catch (error) {
    return failed(rule, test, error)
  }
}

/** The records of a case, as they would reach the rule. Throws RECORD_NO_SCHEMA and others for one that never would. */
export function itemsOf(rule: Rule, test: RuleTest, around: Prepared): Item[] {
  const events: readonly RuleTestEvent[] = test.records ?? [test]
  const inside = inCase(rule, test, around)
  return events.map((event, index) => itemOf(rule, event, index, inside))
}

/** Explains the rule on each record of a case, at most twenty. */
export function explainItems(rule: Rule, test: RuleTest, items: readonly Item[], around: Prepared): Explanation[] {
  const { tables, hash, now } = inCase(rule, test, around)
  const frame = frameOf(clusterOf(rule, test, around), now)
  return items.slice(0, mostExplained).map((item) => explain(rule, item, { frame, tables, hash }))
}

const mostExplained = 20

function failed(rule: Rule, test: RuleTest, error: unknown): RuleTestResult {
  const code = error instanceof CodedError ? error.code : 'INTERNAL'
  const expected = expectedOf(test)
  return {
    rule: rule.info.name,
    name: test.name,
    expected,
    ok: false,
    actual: null,
    error: { code, message: messageOf(error) },
  }
}

const expectedOf = ({ alerts, title, severity, dedup, outputs }: RuleTest): Verdict => ({
  alerts,
  ...(title !== undefined && { title }),
  ...(severity !== undefined && { severity }),
  ...(dedup !== undefined && { dedup }),
  ...(outputs !== undefined && { outputs: outputs.toSorted() }),
})

/** Of what was found, what the case states. */
function pick(alert: Alert | undefined, hits: readonly Hit[], expected: Verdict): Verdict {
  if (!alert) return { alerts: false }
  const { title, severity, outputs } = alert
  return {
    alerts: true,
    ...(expected.title !== undefined && { title }),
    ...(expected.severity !== undefined && { severity }),
    ...(expected.dedup !== undefined && { dedup: keyOf(hits.find(({ record }) => record.id === alert.record.id)) }),
    ...(expected.outputs !== undefined && { outputs: outputs.toSorted() }),
  }
}

/** The key under which a hit is merged or counted, as a case states it; empty: none. */
const keyOf = (hit: Hit | undefined): string =>
  Object.values(hit?.window?.by ?? {})
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ')

const sameVerdict = (a: Verdict, b: Verdict) => JSON.stringify(a) === JSON.stringify(b)

/** The cluster that the records of a case come from. */
export function clusterOf(rule: Rule, test: { readonly cluster?: string | undefined }, around: Prepared): string {
  const cluster = test.cluster ?? rule.info.clusters?.[0] ?? around.clusters[0] ?? 'default'
  if (around.clusters.includes(cluster)) return cluster
  throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no cluster "${cluster}".`)
}

/** What makes hits of records from a cluster. Throws RULE_THREW. */
export type HitsOf = (cluster: string, items: readonly Item[]) => readonly Hit[]

/** Compiles a rule, as if enabled and not staged, to be run on the records of any number of cases. */
export function compileHits(rule: Rule, around: Prepared): HitsOf {
  const enabled: Rule = { ...rule, info: { ...rule.info, enabled: true, staged: false } }
  const rules = compileRules([enabled], around.hash, around.tables)
  return (cluster, items) => {
    const tally = createTally()
    const { hits, quarantine } = rules.evaluate(frameOf(cluster, around.now), items, unguarded, tally)
    const threw = quarantine[0]
    if (threw) throw new CodedError('RULE_THREW', threw.message)
    const broken = tally.counts().find((count) => count.metric === 'rule_errors')
    if (broken) throw new CodedError('RULE_THREW', String(broken.labels['code']))
    return hits
  }
}

/** What surrounds the records of a case. */
export const frameOf = (cluster: string, receivedAt: number): Frame => ({
  source: 'test:test',
  cluster,
  origin: 'test',
  offset: 0,
  receivedAt,
  mode: 'live',
  bytes: new Uint8Array(),
  encoded: false,
})

/** The first alert that hits raise. */
export async function alertOf(hits: readonly Hit[], around: Prepared): Promise<Alert | undefined> {
  const store = createMemoryStore()
  const result = { hits, quarantine: [], counts: [], bytes: 0, records: 0 }
  const { alerts } = await store.commit({ results: [result], state: [], now: around.now })
  await store.close()
  return alerts[0]
}
