/**
 * Measures one revision: `node bench/compare-one.ts TREE BYTES ROUNDS` prints a `Measured` (compare.ts). Loads and floor come from the
 * tree that this file is in, the engine from the one that is named.
 */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Classify from '../src/core/classify/index.ts'
import type { Rule, Schema } from '../src/core/contracts/index.ts'
import type * as Evaluate from '../src/core/evaluate/index.ts'
import type * as Decoders from '../src/decoders/index.ts'
import type { Measured } from './compare.ts'
import { framesOf } from './evaluation.ts'
import { type Load, loadsOf } from './loads.ts'
import { measure, median } from './measure.ts'

const [tree = '.', bytes = '8000000', rounds = '5'] = process.argv.slice(2)
const load = async (path: string): Promise<unknown> => import(pathToFileURL(join(tree, path)).href)

const { compileClassifier } = (await load('src/core/classify/index.ts')) as typeof Classify
const { compileEvaluation } = (await load('src/core/evaluate/index.ts')) as typeof Evaluate
const { decoders } = (await load('src/decoders/index.ts')) as typeof Decoders
const { schemas } = (await load('schemas/index.ts')) as { readonly schemas: readonly Schema[] }
const rules = Object.values((await load('rules/index.ts')) as Record<string, unknown>)
  .flat()
  .filter(isRule)
  .slice(0, 40)

function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && 'info' in value
}

const classifier = compileClassifier(schemas)
const evaluate = compileEvaluation({
  classifierOf: () => classifier,
  rules,
  tables: new Map(),
  decoders,
  hash: (text) => hash('sha256', text, 'hex'),
  limits: { maxBodyBytes: 1e9, maxKeptBytes: 1e6 },
})

function casesOf(given: Load) {
  const frames = [...given.files].flatMap(([path, content]) => framesOf(content, path))
  const texts = frames.reduce((records, frame) => records + evaluate(frame).records, 0)
  const all = () => {
    for (const frame of frames) evaluate(frame)
  }
  return [
    { name: 'floor', texts, run: () => void given.floor() },
    { name: 'evaluation', texts, run: all },
  ]
}

const found = loadsOf(Number(bytes)).map((given): [string, Measured[string]] => {
  const times = measure(casesOf(given), Number(rounds))
  return [given.name, { floor: median(times.get('floor')!), evaluation: median(times.get('evaluation')!) }]
})
process.stdout.write(JSON.stringify(Object.fromEntries(found)))
