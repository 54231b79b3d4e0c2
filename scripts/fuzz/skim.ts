import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { rules } from '../../rules/index.ts'
import type { Classifier } from '../../src/core/classify/index.ts'
import type { Frame, FrameResult } from '../../src/core/contracts/index.ts'
import { type Evaluate, compileEvaluation } from '../../src/core/evaluate/index.ts'

/** Evaluation as it is, and as it would be if every record were built. */
export interface Evaluations {
  readonly skimmed: Evaluate
  readonly built: Evaluate
}

export function createEvaluations(classifier: Classifier): Evaluations {
  const options = {
    ...{ classifierOf: () => classifier, rules, decoders: [] },
    hash: (text: string) => hash('sha256', text, 'hex'),
    limits: { maxBodyBytes: 1e8, maxKeptBytes: 1e6 },
  }
  return { skimmed: compileEvaluation(options), built: compileEvaluation({ ...options, skims: false }) }
}

/** Whether it is skimmed makes no difference to bytes, repeated until it is worth it. Throws when it does. */
export function checkSkimming({ skimmed, built }: Evaluations, bytes: Uint8Array): void {
  const times = Math.ceil(20_000 / (bytes.length + 1))
  const frame: Frame = {
    ...{ source: 'fuzz:fuzz', cluster: 'prod', origin: 'here', offset: 0, receivedAt: Date.UTC(2026, 0, 1) },
    ...{ mode: 'live', encoded: false, bytes: repeated(bytes, times) },
  }
  const [found, wanted] = [plain(skimmed(frame)), plain(built(frame))]
  if (isDeepStrictEqual(found, wanted)) return
  const part = (Object.keys(wanted) as (keyof FrameResult)[]).find((key) => !isDeepStrictEqual(found[key], wanted[key]))
  throw new Error(`skimmed, ${part} are not what they are when records are built`)
}

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array((bytes.length + 1) * times).fill(10)
  for (let n = 0; n < times; n++) all.set(bytes, n * (bytes.length + 1))
  return all
}

/** The same whatever the order of hits and counts. How often rules were asked is told when they fail, for what came before. */
const plain = (result: FrameResult) => ({
  ...result,
  hits: result.hits.map((hit) => JSON.stringify(hit)).toSorted(),
  counts: result.counts
    .filter(({ metric }) => metric !== 'asked')
    .map((count) => JSON.stringify(count))
    .toSorted(),
})
