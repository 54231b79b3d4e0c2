/**
 * Where the time of a worker goes: processor time by stage, nanoseconds per record, and as a share of the floor.
 *
 *   node --no-use-osr bench/stages.ts
 */
import * as library from '../rules/index.ts'
import { schemas } from '../schemas/index.ts'
import { compileClassifier } from '../src/core/classify/index.ts'
import type { ParseContext, Rule } from '../src/core/contracts/index.ts'
import { splitBlocks } from '../src/core/split/index.ts'
import { evaluation, framesOf } from './evaluation.ts'
import { splitAndParse } from './floor.ts'
import { type Case, measure, median, rounded } from './measure.ts'
import { mixedLines } from './mixed.ts'
import { cloudTrailLines } from './records.ts'

const rounds = 9
const isRule = (value: unknown): value is Rule => typeof value === 'object' && value !== null && 'info' in value
const rules = Object.values(library as Record<string, unknown>)
  .flat()
  .filter(isRule)
  .slice(0, 40)

/** Each case does what the one before does, and a stage more. */
function casesOf(lines: Uint8Array): Case[] {
  const frames = framesOf(lines)
  const classifier = compileClassifier(schemas)
  const context: ParseContext = { first: false, safeIntegers: true }
  const read = evaluation(lines, schemas, [])
  const all = evaluation(lines, schemas, rules)
  const texts = read()
  const eachText = (use: (text: string) => void) => () => {
    for (const { bytes } of frames)
      for (const pieces of splitBlocks(bytes, 'json')) for (const { text } of pieces) use(text)
  }
  return [
    { name: 'floor', texts, run: () => void splitAndParse(lines) },
    { name: 'split', texts, run: eachText(() => {}) },
    { name: 'JSON.parse', texts, run: eachText((text) => JSON.parse(text)) },
    { name: 'classify', texts, run: eachText((text) => classifier.classify(text, context)) },
    { name: 'time, counts, records', texts, run: () => void read() },
    { name: '40 rules, hits', texts, run: () => void all() },
  ]
}

for (const [name, lines] of [
  ['CloudTrail lines', cloudTrailLines(8_000_000)],
  ['eight log types, mixed', mixedLines(8_000_000)],
] as const) {
  const cases = casesOf(lines)
  const times = measure(cases, rounds)
  const of = (index: number) => (index === 1 ? times.get('split')! : times.get(cases[index]!.name)!)
  console.log(name)
  console.table(
    cases.map(({ name: stage }, index) => {
      const before = index > 1 ? of(index - 1) : undefined
      const own = of(index).map((time, round) => time - (before?.[round] ?? 0))
      const share = own.map((time, round) => time / times.get('floor')![round]!)
      return { stage, nanoseconds: Math.round(median(own)), floors: rounded(median(share), 2) }
    }),
  )
}
