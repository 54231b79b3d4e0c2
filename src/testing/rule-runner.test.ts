import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type RuleOptions, defineRule, defineSchema } from '../index.ts'
import { json } from '../parsers/index.ts'
import { prepareRuleTests, runRuleTest } from './rule-runner.ts'
import { ruleTest } from './rule-test-file.ts'

const door = defineSchema({
  name: 'acme:door',
  description: 'Doors of the made-up company Acme.',
  parse: json(),
  fields: { door: 'string', person: 'string?', at: 'timestamp', tries: 'integer' },
  time: 'at',
  samples: ['{"door":"vault","person":"ada","at":"2026-03-02T10:00:00Z","tries":"1"}'],
})
const window = defineSchema({
  name: 'acme:window',
  description: 'Windows.',
  parse: json(),
  fields: { window: 'string', open: { wide: 'boolean', since: 'string?' }, seen: 'ip' },
  patterns: { window: 'north-*' },
})

const around = prepareRuleTests({
  schemas: [door, window],
  clusters: ['prod', 'pci'],
  tables: new Map([['owners', new Map<string, unknown>([['vault', { team: 'red' }]])]]),
  hash: (text: string) => hash('sha256', text),
  now: Date.UTC(2026, 0, 1),
})

type Options = RuleOptions<readonly [typeof door]>

/** Runs cases of one rule and answers, for each, `ok`, what was found instead, or the error. */
async function outcomes(options: Partial<Options>, cases: readonly object[]) {
  const base = {
    name: 'a-rule',
    description: 'x',
    severity: 'low',
    schemas: [door],
    match: () => true,
  } satisfies Options
  const rule = defineRule({ ...base, ...options })
  const results = cases.map((one) => runRuleTest(rule, ruleTest.parse({ name: 'x', alerts: true, ...one }), around))
  return (await Promise.all(results)).map(({ ok, actual, error }) => (ok ? 'ok' : (error ?? actual)))
}

const record = { door: 'vault', at: '2026-03-02T10:00:00Z', tries: 3 }

test('a record, a text, and changes to the sample reach the rule as they would while running', async () => {
  const found = await outcomes({ match: ({ door: name, tries }) => name === 'vault' && tries === 3 }, [
    { record },
    { text: JSON.stringify({ ...record, tries: '3' }) },
    { override: { tries: '3' } },
    { override: { tries: 4 }, alerts: false },
    { record, alerts: false },
  ])
  expect(found).toEqual(['ok', 'ok', 'ok', 'ok', { alerts: true }])
})

test('a schema without a sample gives one made from its fields and patterns', async () => {
  const seen: unknown[] = []
  const rule = defineRule({
    ...{ name: 'a-rule', description: 'x', severity: 'low', schemas: [window] },
    match: (data) => seen.push(data) > 0,
  })
  await runRuleTest(rule, ruleTest.parse({ name: 'x', override: { open: { since: 'x' } }, alerts: true }), around)
  expect(seen).toEqual([{ window: 'north-', open: { wide: false, since: 'x' }, seen: '192.0.2.1' }])
})

test('title, severity and outputs are compared when a case states them', async () => {
  const rule: Partial<Options> = {
    title: (data) => `Door ${data.door}`,
    severity: () => 'high',
    outputs: ['b:1', 'a:2'],
  }
  const found = await outcomes(rule, [
    { record, title: 'Door vault', severity: 'high', outputs: ['a:2', 'b:1'] },
    { record, title: 'Door', severity: 'low', outputs: ['a:2'] },
  ])
  expect(found).toEqual(['ok', { alerts: true, title: 'Door vault', severity: 'high', outputs: ['a:2', 'b:1'] }])
})

test('several records show what a rule counts, by their own times or stated ones', async () => {
  const at = (minute: number) => ({ record: { ...record, at: `2026-03-02T10:0${minute}:00Z` } })
  const found = await outcomes({ threshold: { count: 3, per: ['door'], window: '2m' } }, [
    { records: [at(0), at(1), at(1)] },
    { records: [at(0), at(4), at(8)], alerts: false },
    { records: [at(0), { ...at(4), time: '2026-03-02T10:00:30Z' }, { ...at(8), time: '2026-03-02T10:01:00+00:00' }] },
    { record, alerts: false },
  ])
  expect(found).toEqual(['ok', 'ok', 'ok', 'ok'])
})

test('the cluster is the rule’s own, or the one stated', async () => {
  const found = await outcomes({ clusters: ['pci'], match: (_, { cluster }) => cluster === 'pci' }, [
    { record },
    { record, cluster: 'prod', alerts: false },
    { record, cluster: 'office' },
  ])
  expect(found).toEqual(['ok', 'ok', expect.objectContaining({ code: 'CONFIG_UNKNOWN_NAME' })])
})

test('disabled and staged rules are tested like others', async () => {
  expect(await outcomes({ enabled: false, staged: true }, [{ record }])).toEqual(['ok'])
})

test('a record is frozen, and a title that throws fails the case', async () => {
  const change = (data: object) => Object.assign(data, { tries: 0 }) !== undefined
  expect(await outcomes({ match: change }, [{ record }])).toEqual([expect.objectContaining({ code: 'RULE_THREW' })])
  const title = () => {
    throw new Error('no title')
  }
  expect(await outcomes({ title }, [{ record }])).toEqual([{ code: 'RULE_THREW', message: 'title: no title' }])
})

test('a case that shows nothing fails and says why', async () => {
  const found = await outcomes({ match: () => false }, [
    { record: { door: 'vault' }, alerts: false },
    { text: 'nothing known', alerts: false },
    { text: '{"window":"north-1","open":{"wide":true},"seen":"192.0.2.7"}', alerts: false },
    { record, schema: 'acme:window', alerts: false },
  ])
  expect(found).toEqual([
    { code: 'RECORD_NO_SCHEMA', message: "The record is not of the rule's log type. acme:door: at is missing" },
    { code: 'RECORD_UNPARSABLE', message: expect.any(String) },
    { code: 'RECORD_NO_SCHEMA', message: 'The text is classified as acme:window; the rule looks at acme:door.' },
    { code: 'CONFIG_UNKNOWN_NAME', message: 'The rule does not look at "acme:window", only at acme:door.' },
  ])
})

test('hostile records do no harm', async () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as object
  expect(await outcomes({ match: () => false }, [{ override: hostile, alerts: false }])).toEqual(['ok'])
  expect({}).not.toHaveProperty('polluted')
})

test('tables of the project are there; a case may state its own', async () => {
  const rule: Partial<Options> = { lookups: { owners: { team: 'string', floor: 'integer?' } } }
  const match: Options['match'] = ({ door: name }, context) => {
    const { lookup } = context as unknown as {
      lookup(table: string, key: string): { team: string; floor?: number } | undefined
    }
    return lookup('owners', name)?.team === 'red' && lookup('owners', name)?.floor !== 7
  }
  const found = await outcomes({ ...rule, match }, [
    { record },
    { record, lookups: { owners: {} }, alerts: false },
    { record, lookups: { owners: { vault: { team: 'red', floor: '7' } } }, alerts: false },
    { record, lookups: { owners: { vault: { team: ['red'] } } } },
    { record, lookups: { owner: {} } },
  ])
  expect(found).toEqual([
    'ok',
    'ok',
    'ok',
    {
      code: 'LOOKUP_INVALID',
      message: expect.stringContaining('table "owners", "team" under the key "vault": expected text'),
    },
    { code: 'LOOKUP_INVALID', message: 'The rule does not read a table "owner".' },
  ])
})

test('a case may state when its records are received, and the key under which matches are one', async () => {
  const { at: _, ...timeless } = record
  const atNight: Options['match'] = (data, { receivedAt }) => receivedAt.getUTCHours() === 3 && data.door === 'vault'
  const night = { record: { ...timeless, at: '2026-03-02T10:00:00Z' }, now: '2026-03-02T03:30:00Z' }
  expect(
    await outcomes({ match: atNight }, [night, { ...night, now: '2026-03-02T04:30:00+02:00', alerts: false }]),
  ).toEqual(['ok', 'ok'])
  const dedup = { by: ['door', 'person'], window: '1h' } as const
  expect(
    await outcomes({ dedup }, [
      { record, dedup: 'vault, null' },
      { record, dedup: 'gate' },
    ]),
  ).toEqual(['ok', { alerts: true, dedup: 'vault, null' }])
})

test('a case that fails is explained, record by record', async () => {
  const rule = defineRule({
    name: 'a-rule',
    description: 'x',
    severity: 'low',
    schemas: [door],
    where: { door: 'gate' },
  })
  const result = await runRuleTest(
    rule,
    ruleTest.parse({ name: 'x', records: [{ record }, { record: { ...record, door: 'gate' } }], alerts: false }),
    around,
  )
  expect(result.explanations?.map(({ matches }) => matches)).toEqual([false, true])
  expect(await runRuleTest(rule, ruleTest.parse({ name: 'x', record, alerts: false }), around)).not.toHaveProperty(
    'explanations',
  )
})

test('a rule for a normalised type takes records of any log type that has it', async () => {
  const user = defineSchema({
    ...door,
    name: 'acme:user',
    fields: { user: 'string' },
    normalise: { user: 'user' },
    samples: [],
  })
  const rule = defineRule({
    name: 'a-rule',
    description: 'x',
    severity: 'low',
    types: ['user'],
    match: (_, { values }) => values('user').includes('ada'),
  })
  const inside = prepareRuleTests({ ...around, schemas: [door, user] })
  const run = async (one: object) =>
    (await runRuleTest(rule, ruleTest.parse({ name: 'x', alerts: true, ...one }), inside)).ok
  expect(
    await Promise.all([
      run({ record: { user: 'ada' } }),
      run({ text: '{"user":"ada"}' }),
      run({ text: '{"user":"bob"}', alerts: false }),
    ]),
  ).toEqual([true, true, true])
})
