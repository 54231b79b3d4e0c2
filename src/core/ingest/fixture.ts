import { hash } from 'node:crypto'
import { decoders } from '../../decoders/index.ts'
import { json } from '../../parsers/index.ts'
import { compileClassifier } from '../classify/index.ts'
import type { Frame, Rule, Schema } from '../contracts/index.ts'
import { compileEvaluation, type EvaluationOptions } from '../evaluate/index.ts'
import { defineSchema } from '../schema.ts'

export const app = defineSchema({
  name: 'app:events',
  description: 'Events.',
  parse: json(),
  time: 'at',
  fields: { at: 'timestamp', n: 'integer' },
})

/** What ingest works with, but a store: an evaluation in this thread, and the source `file:app` of the cluster `prod`. */
export function hostWith(rules: readonly Rule[], schema: Schema = app, history?: EvaluationOptions['history']) {
  const classifier = compileClassifier([schema])
  const sha = (text: string) => hash('sha256', text, 'hex')
  const evaluate = compileEvaluation({
    ...{ classifierOf: () => classifier, rules, decoders, hash: sha },
    limits: { maxBodyBytes: 10_000_000, maxKeptBytes: 1_000 },
    ...(history && { history }),
  })
  const host = {
    ...{ decoders, hash: sha, now: () => 1_000_000, log: () => {}, framings: () => classifier.framings },
    evaluator: { evaluate: async (frames: readonly Frame[]) => frames.map((frame) => evaluate(frame)) },
    clusters: new Map([['file:app', 'prod']]),
  }
  return { evaluate, host }
}
