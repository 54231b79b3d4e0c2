import type { Alert, Frame, Rule, Severity } from '../core/contracts/index.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { unguarded } from '../core/evaluate/guard.ts'
import { compileRules } from '../core/evaluate/rules.ts'
import type { Item } from '../core/evaluate/item.ts'
import { createTally } from '../core/evaluate/tally.ts'
import { createMemoryStore } from '../stores/memory.ts'
import type { RuleTest, RuleTestEvent } from './rule-test-file.ts'
import { type Prepared, itemOf } from './rule-test-record.ts'

export { type Prepared, prepareRuleTests } from './rule-test-record.ts'

/** What a case states or finds of an alert. */
export interface Verdict {
  readonly alerts: boolean
  readonly title?: string
  readonly severity?: Severity
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
}

/** Runs one case of one rule, in the same code that evaluates and merges while running. Never throws for a fault of the rule. */
export async function runRuleTest(rule: Rule, test: RuleTest, around: Prepared): Promise<RuleTestResult> {
  try {
    return await runOnItems(rule, test, itemsOf(rule, test, around), around)
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
    const actual = pick(await alertOf(rule, clusterOf(rule, test, around), items, around), expected)
    return { rule: rule.info.name, name: test.name, expected, ok: sameVerdict(expected, actual), actual }
  } catch (error) {
    return failed(rule, test, error)
  }
}

/** The records of a case, as they would reach the rule. Throws RECORD_NO_SCHEMA and others for one that never would. */
export function itemsOf(rule: Rule, test: RuleTest, around: Prepared): Item[] {
  const events: readonly RuleTestEvent[] = test.records ?? [test]
  return events.map((event, index) => itemOf(rule, event, index, around))
}

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

const expectedOf = ({ alerts, title, severity, outputs }: RuleTest): Verdict => ({
  alerts,
  ...(title !== undefined && { title }),
  ...(severity !== undefined && { severity }),
  ...(outputs !== undefined && { outputs: outputs.toSorted() }),
})

/** Of what was found, what the case states. */
function pick(alert: Alert | undefined, expected: Verdict): Verdict {
  if (!alert) return { alerts: false }
  const { title, severity, outputs } = alert
  return {
    alerts: true,
    ...(expected.title !== undefined && { title }),
    ...(expected.severity !== undefined && { severity }),
    ...(expected.outputs !== undefined && { outputs: outputs.toSorted() }),
  }
}

const sameVerdict = (a: Verdict, b: Verdict) => JSON.stringify(a) === JSON.stringify(b)

/** The cluster that the records of a case come from. */
export function clusterOf(rule: Rule, test: RuleTest, around: Prepared): string {
  const cluster = test.cluster ?? rule.info.clusters?.[0] ?? around.clusters[0] ?? 'default'
  if (around.clusters.includes(cluster)) return cluster
  throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no cluster "${cluster}".`)
}

/** The first alert that records raise. Throws RULE_THREW. */
export async function alertOf(
  rule: Rule,
  cluster: string,
  items: readonly Item[],
  around: Prepared,
): Promise<Alert | undefined> {
  const enabled: Rule = { ...rule, info: { ...rule.info, enabled: true, staged: false } }
  const frame: Frame = {
    source: 'test:test',
    cluster,
    origin: 'test',
    offset: 0,
    receivedAt: around.now,
    mode: 'live',
    bytes: new Uint8Array(),
    encoded: false,
  }
  const tally = createTally()
  const { hits, quarantine } = compileRules([enabled], around.hash).evaluate(frame, items, unguarded, tally)
  const threw = quarantine[0]
  if (threw) throw new CodedError('RULE_THREW', threw.message)
  const broken = tally.counts().find((count) => count.metric === 'rule_errors')
  if (broken) throw new CodedError('RULE_THREW', String(broken.labels['code']))
  const store = createMemoryStore()
  const result = { hits, quarantine: [], counts: [], bytes: 0, records: items.length }
  const { alerts } = await store.commit({ results: [result], state: [], now: around.now })
  await store.close()
  return alerts[0]
}
