import type { Alert, Frame, Rule, Severity } from '../core/contracts/index.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { unguarded } from '../core/evaluate/guard.ts'
import { compileRules } from '../core/evaluate/rules.ts'
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
  const expected = expectedOf(test)
  const base = { rule: rule.info.name, name: test.name, expected }
  try {
    const actual = pick(await verdictOf(rule, test, around), expected)
    return { ...base, ok: sameVerdict(expected, actual), actual }
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'INTERNAL'
    return { ...base, ok: false, actual: null, error: { code, message: messageOf(error) } }
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

/** The first alert that the records of a case raise. */
async function verdictOf(rule: Rule, test: RuleTest, around: Prepared): Promise<Alert | undefined> {
  const cluster = test.cluster ?? rule.info.clusters?.[0] ?? around.clusters[0] ?? 'default'
  if (!around.clusters.includes(cluster))
    throw new CodedError('CONFIG_UNKNOWN_NAME', `There is no cluster "${cluster}".`)
  const events: readonly RuleTestEvent[] = test.records ?? [test]
  const items = events.map((event, index) => itemOf(rule, event, index, around))
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
  const failed = quarantine[0]
  if (failed) throw new CodedError('RULE_THREW', failed.message)
  const broken = tally.counts().find((count) => count.metric === 'rule_errors')
  if (broken) throw new CodedError('RULE_THREW', String(broken.labels['code']))
  const store = createMemoryStore()
  const result = { hits, quarantine: [], counts: [], bytes: 0, records: items.length }
  const { alerts } = await store.commit({ results: [result], state: [], now: around.now })
  await store.close()
  return alerts[0]
}
