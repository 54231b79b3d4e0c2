import type { Rule, Schema, ThresholdPolicy } from '../../core/contracts/index.ts'
import type { Item } from '../../core/evaluate/item.ts'
import { inCase } from '../case-surroundings.ts'
import { type HitsOf, type Prepared, alertOf, clusterOf, compileHits, runRuleTest } from '../rule-runner.ts'
import type { RuleTest, RuleTestEvent } from '../rule-test-file.ts'
import { mergeDeep } from '../sample.ts'
import type { Pool } from './pool.ts'
import { type Material, type RecordEdit, type Step, applyEdit, at, recordEdits } from './record-edits.ts'
import { seriesEdits } from './series-edits.ts'

/** A case of a rule, and its records. */
export interface PreparedCase {
  readonly test: RuleTest
  readonly items: readonly Item[]
}

/** What is searched for a record that tells a rule from its mutant. */
export interface Search {
  readonly original: Rule
  readonly mutant: Rule
  readonly cases: readonly PreparedCase[]
  readonly pool: Pool
  readonly around: Prepared
}

/** How many records are looked at: a search that finds nothing ends. Counted, not timed: each run finds the same. */
const most = 6_000

/**
 * A case that the rule passes and its mutant fails: one of the rule's own cases with one small change. Undefined when none is
 * found, as for a mutant that behaves as the rule does.
 */
export async function nearMissOf(search: Search): Promise<RuleTest | undefined> {
  const { original, mutant, around } = search
  const [right, wrong] = [alertsOf(original, around), alertsOf(mutant, around)]
  let left = most
  for (const { items, of, cases } of inTurn(candidatesOf(search))) {
    left -= items.length
    if (left < 0) return undefined
    const expected = await right(of, items)
    if (expected === 'threw' || expected === (await wrong(of, items))) continue
    for (const unsure of cases()) {
      const test = { ...unsure, alerts: expected }
      const ok = async (rule: Rule) => (await runRuleTest(rule, test, around)).ok
      if ((await ok(original)) && !(await ok(mutant))) return test
    }
  }
  return undefined
}

type Alerts = (test: RuleTest, items: readonly Item[]) => Promise<boolean | 'threw'>

/** Whether a rule alerts. Only what counts needs a store to say so. */
function alertsOf(rule: Rule, around: Prepared): Alerts {
  const compiled = new Map<RuleTest, HitsOf>()
  const compile = (test: RuleTest) => {
    const hitsOf = compileHits(rule, inCase(rule, test, around))
    compiled.set(test, hitsOf)
    return hitsOf
  }
  return async (test, items) => {
    try {
      const hits = (compiled.get(test) ?? compile(test))(clusterOf(rule, test, around), items)
      return rule.info.threshold && hits.length > 0 ? (await alertOf(hits, around)) !== undefined : hits.length > 0
    } catch {
      return 'threw'
    }
  }
}

/** Records to try, and the cases that would state them: the shorter first. */
interface Candidate {
  readonly items: readonly Item[]
  readonly of: RuleTest
  readonly cases: () => readonly RuleTest[]
}

/** One of each in turn, until all have ended. */
function* inTurn<T>(many: readonly Iterator<T>[]): Generator<T> {
  let open = many
  while (open.length > 0) {
    const next = open.map((one) => ({ one, step: one.next() })).filter(({ step }) => step.done !== true)
    for (const { step } of next) yield step.value
    open = next.map(({ one }) => one)
  }
}

/** Changes of each case. Those that alert come first: what misses by little is most telling. */
function candidatesOf({ original, mutant, cases, pool }: Search): Generator<Candidate>[] {
  const ordered = [...cases.filter(({ test }) => test.alerts), ...cases.filter(({ test }) => !test.alerts)]
  const others = cases.flatMap(({ items }) => items.slice(0, 3).map(({ data }) => data))
  const paths = [original, mutant].flatMap(namedPaths)
  return ordered.flatMap(({ test, items: given }) => {
    // Ids of their own: to derive them from the text would take most of the time.
    const items = given.map((item, n) => ({ ...item, id: `search ${n}`, text: () => '' }))
    const series = original.info.threshold ? [seriesCandidates(test, items, original.info.threshold)] : []
    return [...series, recordCandidates(test, items, (schema) => ({ schema, pool, others, paths }))]
  })
}

/** Of a series one record is changed: its last. */
function* recordCandidates(
  test: RuleTest,
  items: readonly Item[],
  materialFor: (schema: Schema) => Material,
): Generator<Candidate> {
  const last = items.length - 1
  const item = items[last]!
  for (const edit of recordEdits(item.data, materialFor(item.schema))) {
    const data = applyEdit(item.data, edit) as Record<string, unknown>
    yield {
      items: items.with(last, { ...item, data }),
      of: test,
      cases() {
        const name = `${test.name}, but ${inWords(edit)}`
        return eventsOf(eventAt(test, last), edit, data, item).map((event) => withEvent(test, last, event, name))
      },
    }
  }
}

function* seriesCandidates(
  test: RuleTest,
  items: readonly Item[],
  { windowMs }: ThresholdPolicy,
): Generator<Candidate> {
  for (const { items: changed, change } of seriesEdits(items, windowMs)) {
    const records = changed.map(({ data, time }): RuleTestEvent => {
      const { record, text, override, schema } = eventAt(
        test,
        items.findIndex((item) => item.data === data),
      )
      return { record, text, override, schema, time: new Date(time).toISOString() }
    })
    yield { items: changed, of: test, cases: () => [bare(test, `${test.name}, but ${change}`, { records })] }
  }
}

const eventAt = (test: RuleTest, index: number): RuleTestEvent => test.records?.[index] ?? test

/** Ways to state a changed record: as a change to the sample where the case does so, or whole. */
function eventsOf(
  event: RuleTestEvent,
  { path, value }: RecordEdit,
  data: Record<string, unknown>,
  item: Item,
): RuleTestEvent[] {
  const time = event.time === undefined ? {} : { time: event.time }
  const whole = { record: data, schema: item.schema.name, ...time }
  if (!event.override || path.length === 0) return [whole]
  // A list is replaced as a whole; null stands for nothing.
  const list = path.findIndex((step) => typeof step === 'number')
  const changed = list < 0 ? path : path.slice(0, list)
  const nested = changed.reduceRight<unknown>(
    (inner, step) => ({ [step]: inner }),
    list < 0 ? (value ?? null) : at(data, changed),
  )
  const schema = event.schema === undefined ? {} : { schema: event.schema }
  return [{ override: mergeDeep(event.override, nested as Record<string, unknown>), ...schema, ...time }, whole]
}

function withEvent(test: RuleTest, index: number, event: RuleTestEvent, name: string): RuleTest {
  return bare(test, name, test.records ? { records: test.records.with(index, event) } : event)
}

/** A case that states its records and where they come from, and expects nothing yet. */
const bare = (
  { rule, cluster, now, lookups }: RuleTest,
  name: string,
  given: RuleTestEvent | Pick<RuleTest, 'records'>,
): RuleTest => ({
  name,
  ...(rule !== undefined && { rule }),
  ...given,
  ...(cluster !== undefined && { cluster }),
  ...(now !== undefined && { now }),
  ...(lookups && { lookups }),
  alerts: false,
})

function inWords({ path, value, words }: RecordEdit): string {
  if (words !== undefined) return words
  const field = path
    .map((step: Step, n) => (typeof step === 'number' ? `[${step}]` : n === 0 ? step : `.${step}`))
    .join('')
  return value === undefined ? `without ${field}` : `${field} is ${JSON.stringify(value)}`
}

/** Fields that the conditions of a rule name, where each step is a plain name. */
const namedPaths = ({ where, requires }: Rule): string[][] =>
  [...(where?.alternatives.flat().map(({ path }) => path) ?? []), ...requires]
    .filter(({ text }) => /^[\w.-]+$/.test(text))
    .map(({ text }) => text.split('.'))
