import type { Evaluator, Framing, LogLine, RuleInfo, RuleModes } from '../../core/contracts/index.ts'
import { inThread, type ThreadOptions } from '../workers/thread.ts'
import { type Pool, startPool } from '../workers/pool.ts'
import type { StartTransport } from '../workers/transport.ts'

/** What classifies records and runs rules, and has publishers speak of alerts. */
export interface Evaluation extends Evaluator, Pick<Pool, 'publish'> {
  readonly rules: readonly RuleInfo[]
  /** How many jobs keep all workers busy. */
  readonly concurrency: number
  /** The framings that the candidate schemas of a source use. */
  framings(source: string): ReadonlySet<Framing>
}

/** What it may use of the function. */
export interface EvaluationHost {
  readonly env: Readonly<Record<string, string | undefined>>
  log(line: LogLine): void
  /** Which rules are staged, now. */
  modes(): RuleModes
}

/** Rejects with Problems when the project's code cannot be loaded. */
export type StartEvaluation = (host: EvaluationHost) => Promise<Evaluation>

/** Memory of a function for each processor that it has, MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const perProcessor = 1_769
/** Of the function's memory, what the workers together may take of each kind: in their heaps, and outside them. */
const share = 0.35
/** What a worker needs to run at all, bytes. */
const leastMemory = 96 * 1_048_576

/** Milliseconds that a rule has for one record. */
interface Patience {
  readonly ruleTimeoutMs: number
}

/**
 * Workers as the embedded engine has them, one for each processor: a rule that never returns, or fills the memory, loses its verdict on
 * that record, and a publisher its word, and nothing else. Their module brings the project's code along. They stay for later invocations.
 */
export const inWorkers =
  (module: Pick<ThreadOptions, 'entry' | 'argv'>, patience: Patience): StartEvaluation =>
  (host) =>
    startEvaluation(host, patience, (memoryBytes) =>
      inThread({ ...module, data: {}, memoryBytes, onOutput: (text) => host.log(printed(text)) }),
    )

/** `start`: what a worker runs in that may take so much memory, in bytes. */
export async function startEvaluation(
  { env, log, modes }: EvaluationHost,
  { ruleTimeoutMs }: Patience,
  start: (memoryBytes: number) => StartTransport,
): Promise<Evaluation> {
  const megabytes = Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 1_024)
  const count = Math.max(1, Math.floor(megabytes / perProcessor))
  const memoryBytes = Math.max(leastMemory, Math.round((megabytes * 1_048_576 * share) / count))
  const pool = await startPool({
    ...{ count, modes, start: start(memoryBytes) },
    limits: { cpuMs: ruleTimeoutMs, idleMs: Math.max(ruleTimeoutMs * 20, 10_000), memoryBytes },
    onStray: (message) => log({ level: 'error', code: 'RULE_THREW', message: `${leftBehind}: ${message}` }),
  })
  const { rules, framings } = pool.loaded
  // While one runs, the next is ready.
  const { evaluate, publish } = pool
  return { rules, concurrency: 2 * count, evaluate, publish, framings: (source) => new Set(framings[source]) }
}

const leftBehind = 'A rule left something behind that failed, for rules cannot wait'

const printed = (text: string): LogLine => ({
  level: 'info',
  code: 'RULE_PRINTED',
  message: text.trimEnd().slice(0, 2_000),
})
