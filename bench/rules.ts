import { cloudtrailEvents, schemas } from '../schemas/index.ts'
import type { Rule } from '../src/core/contracts/index.ts'
import { defineRule } from '../src/index.ts'
import { evaluation } from './evaluation.ts'
import { type Case, measure, median } from './measure.ts'
import { cloudTrailLines } from './records.ts'
import { type Row, atMost } from './row.ts'

const whereCounts = [0, 10, 100, 1_000, 3_000]
const matchCounts = [10, 100, 300]

/** Processor time of evaluation by the number of rules on one log type. */
export function rulesRows(bytes: number, rounds: number): Row[] {
  const lines = cloudTrailLines(bytes)
  const records = evaluation(lines, schemas, [])()
  const cases: Case[] = [
    ...whereCounts.map((count) =>
      evaluating(`where ${count}`, lines, Array.from({ length: count }, whereRule), records),
    ),
    ...matchCounts.map((count) =>
      evaluating(`match ${count}`, lines, Array.from({ length: count }, matchRule), records),
    ),
    ...matchCounts.map((count) => calling(`bare ${count}`, lines, count, records)),
  ]
  const times = measure(cases, rounds)
  const of = (name: string) => median(times.get(name)!)
  const perRule = (kind: string) => (of(`${kind} 300`) - of(`${kind} 10`)) / 290
  const where = Object.fromEntries(whereCounts.map((count) => [count, Math.round(of(`where ${count}`))]))
  const match = Object.fromEntries(matchCounts.map((count) => [count, Math.round(of(`match ${count}`))]))
  return [
    atMost(
      'rules: 3,000 `where` to 10, whole evaluation',
      1.5,
      median(times.get('where 3000')!.map((time, round) => time / times.get('where 10')![round]!)),
      `${Object.entries(where)
        .map(([count, time]) => `${count}: ${time}`)
        .join(', ')} ns/record`,
      '',
      { nsPerRecord: where },
    ),
    {
      what: 'rules: a plain `match`, by rule and record',
      value: Math.round(perRule('match')),
      figure: `${Object.entries(match)
        .map(([count, time]) => `${count}: ${time}`)
        .join(', ')} ns/record`,
      details: { nsPerRecord: match },
    },
    atMost(
      "rules: the engine's own share of that",
      100,
      Math.round(perRule('match') - perRule('bare')),
      `the functions alone: ${Math.round(perRule('bare'))} ns`,
      ' ns',
    ),
  ]
}

const evaluating = (name: string, lines: Uint8Array, rules: readonly Rule[], texts: number): Case => {
  const run = evaluation(lines, schemas, rules)
  return { name, texts, run: () => void run() }
}

/** The same functions, called by nothing but a loop over some dozens of parsed records at a time. */
function calling(name: string, lines: Uint8Array, count: number, texts: number): Case {
  const functions = Array.from({ length: count }, (_, n) => matchOf(n))
  const all = new TextDecoder().decode(lines).trimEnd().split('\n')
  return {
    name,
    texts,
    run() {
      for (let at = 0; at < all.length; at += 48) {
        const records: unknown[] = all.slice(at, at + 48).map((line) => JSON.parse(line))
        for (const match of functions) for (const record of records) match(record)
      }
    },
  }
}

/** What rules ask for in the wild: values, lists of them, beginnings and parts of texts, mostly with a second condition. */
function whereRule(_: unknown, n: number): Rule {
  const verb = ['Create', 'Delete', 'Put', 'Update', 'Attach'][n % 5]!
  const name = `${verb}Thing${n}`
  const where = [
    { eventName: name },
    { eventName: { oneOf: [name, `${name}Batch`] }, 'userIdentity.type': 'Root' },
    { eventSource: `service-${n}.amazonaws.com`, eventName: { startsWith: verb } },
    { eventName: { startsWith: name } },
    { userAgent: { contains: `tool-${n}/` } },
    { 'userIdentity.arn': { endsWith: `:user/robot-${n}` }, readOnly: false },
    { eventName: { equals: name.toLowerCase(), ignoreCase: true } },
    { 'requestParameters.bucketName': { contains: `bucket-${n}` } },
    { errorCode: `Client.Error${n}`, sourceIPAddress: { not: { cidr: '10.0.0.0/8' } } },
    [{ eventName: name }, { 'requestParameters.roleName': `role-${n}` }],
  ][n % 10]!
  const options = { name: `where-${n}`, description: 'A rule.', severity: 'low', schemas: [cloudtrailEvents], where }
  return defineRule(options as never)
}

function matchRule(_: unknown, n: number): Rule {
  const match = matchOf(n)
  const options = { name: `match-${n}`, description: 'A rule.', severity: 'low', schemas: [cloudtrailEvents], match }
  return defineRule(options as never)
}

/** Each with code of its own, as rules have. */
const matchOf = (n: number) =>
  // oxlint-disable-next-line typescript/no-implied-eval -- three hundred functions would be a long file
  new Function('record', `return record.eventName === 'Name${n}' && record.userIdentity.type === 'Type${n}'`) as (
    record: unknown,
  ) => boolean
