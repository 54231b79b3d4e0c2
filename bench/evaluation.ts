import { hash } from 'node:crypto'
import { compileClassifier } from '../src/core/classify/index.ts'
import type { Frame, Rule, Schema } from '../src/core/contracts/index.ts'
import { compileEvaluation } from '../src/core/evaluate/index.ts'
import { decoders } from '../src/decoders/index.ts'
import { copyBytes } from '../src/runtimes/workers/copy.ts'

/**
 * What a worker does with lines, in this thread: the result evaluates all of them, and answers the number of records. `skims` false: each
 * record is built.
 */
export function evaluation(
  lines: Uint8Array,
  schemas: readonly Schema[],
  rules: readonly Rule[],
  skims = true,
): () => number {
  const classifier = compileClassifier(schemas)
  const evaluate = compileEvaluation({
    classifierOf: () => classifier,
    rules,
    decoders,
    hash: (text) => hash('sha256', text, 'hex'),
    limits: { maxBodyBytes: 1e9, maxKeptBytes: 1e6 },
    skims,
    copy: copyBytes,
  })
  const frames = framesOf(lines)
  return () => frames.reduce((records, frame) => records + evaluate(frame).records, 0)
}

/** Lines in stretches as they reach a worker, or a compressed file whole. */
export function framesOf(content: Uint8Array, origin = 'bench'): Frame[] {
  const base = {
    source: 'bench:bench',
    cluster: 'prod',
    origin,
    receivedAt: Date.UTC(2030, 0, 1),
    mode: 'live',
  } as const
  if (origin.endsWith('.gz')) return [{ ...base, offset: 0, bytes: content, encoded: true }]
  const frames: Frame[] = []
  for (let at = 0; at < content.length; ) {
    const end = content.length - at <= stretch ? content.length : content.lastIndexOf(10, at + stretch) + 1
    frames.push({ ...base, offset: at, bytes: content.slice(at, end), encoded: false })
    at = end
  }
  return frames
}

const stretch = 1_048_576
