/**
 * Where the time of a worker goes: processor time by stage, nanoseconds per record, and as a share of the floor.
 *
 *   node --no-use-osr bench/stages.ts
 */
import * as library from '../rules/index.ts'
import { schemas } from '../schemas/index.ts'
import { compileClassifier } from '../src/core/classify/index.ts'
import type { Frame, ParseContext, Rule } from '../src/core/contracts/index.ts'
import { compileRules } from '../src/core/evaluate/rules.ts'
import { type Skimmer, type Visitor, createSkimmer } from '../src/core/skim/index.ts'
import { blocksOf, splitBlocks } from '../src/core/split/index.ts'
import { copyBytes } from '../src/runtimes/workers/copy.ts'
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

/** Each case does what the one before does, and a stage more; the last two skim. */
function casesOf(lines: Uint8Array): Case[] {
  const frames = framesOf(lines)
  const classifier = compileClassifier(schemas)
  const context: ParseContext = { first: false, safeIntegers: true }
  const read = evaluation(lines, schemas, [], false)
  const all = evaluation(lines, schemas, rules, false)
  const skimmed = evaluation(lines, schemas, rules)
  const skimmer = createSkimmer(classifier, compileRules(rules, (text) => text).interestIn, copyBytes)!
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
    { name: 'skim', texts, run: () => skimAll(skimmer, frames) },
    { name: 'all, skimmed', texts, run: () => void skimmed() },
  ]
}

const nobody: Visitor = { pass: () => {}, document: () => {}, read: () => {} }

function skimAll(skimmer: Skimmer, frames: readonly Frame[]): void {
  for (const frame of frames)
    for (const [from, to] of blocksOf(frame.bytes, 'json')) skimmer.skim(frame, frame.bytes, from, to, nobody)
}

/** Stages that do not build upon the one before. */
const alone = new Set(['floor', 'split', 'skim', 'all, skimmed'])

for (const [name, lines] of [
  ['CloudTrail lines', cloudTrailLines(8_000_000)],
  ['eight log types, mixed', mixedLines(8_000_000)],
] as const) {
  const cases = casesOf(lines)
  const times = measure(cases, rounds)
  const of = (index: number) => times.get(cases[index]!.name)!
  console.log(name)
  console.table(
    cases.map(({ name: stage }, index) => {
      const before = alone.has(stage) ? undefined : of(index - 1)
      const own = of(index).map((time, round) => time - (before?.[round] ?? 0))
      const share = own.map((time, round) => time / times.get('floor')![round]!)
      return { stage, nanoseconds: Math.round(median(own)), floors: rounded(median(share), 2) }
    }),
  )
}
