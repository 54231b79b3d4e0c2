import { hash } from 'node:crypto'
import { compileClassifier, selectSchemas } from '../../core/classify/index.ts'
import type { Evaluator, Framing } from '../../core/contracts/index.ts'
import { compileEvaluation } from '../../core/evaluate/index.ts'
import { decoders } from '../../decoders/index.ts'
import type { IngestProject } from './project.ts'

const limits = { maxBodyBytes: 256 * 1_048_576, maxKeptBytes: 1_048_576 }

/**
 * Evaluates in the function's own thread: with up to 1,769 MB a function has one processor, so a worker would make nothing faster.
 * A rule that throws loses its verdict only. One that never returns ends with the function's time, and what it was given comes again,
 * and in the end to the queue of what failed.
 */
export function createEvaluator({ schemas, rules, tables, sources }: IngestProject): {
  readonly evaluator: Evaluator
  framings(source: string): ReadonlySet<Framing>
} {
  const all = compileClassifier(selectSchemas(schemas, undefined))
  const classifiers = new Map(
    sources.map(({ name, schemas: names }) => [
      name,
      names === undefined ? all : compileClassifier(selectSchemas(schemas, names)),
    ]),
  )
  const classifierOf = (source: string) => classifiers.get(source) ?? all
  const evaluate = compileEvaluation({
    ...{ classifierOf, rules, tables, decoders, limits },
    hash: (text) => hash('sha256', text, 'hex'),
  })
  return {
    evaluator: { evaluate: async (frames) => frames.map((frame, index) => evaluate(frame, { index })) },
    framings: (source) => new Set(classifierOf(source).framings),
  }
}
