import { relative } from 'node:path'
import { CodedError, messageOf } from '../../core/errors.ts'
import type { RuleTest } from '../rule-test-file.ts'
import { type RuleFile, type RuleTestThread, type ThreadOptions, startRuleTestThread } from '../rule-test-thread.ts'
import { chooser, readCases } from '../rule-tests.ts'
import { inOrder } from './in-order.ts'
import type { Fate } from './judge.ts'
import type { Mutant } from './mutants.ts'

/** What the tests of a rule said to one mutant of it. */
export interface MutantResult {
  /** The first of them, where several rules share what was broken. */
  readonly rule: string
  /** Relative to the project. */
  readonly file: string
  readonly line: number
  /** What was changed, in words. */
  readonly change: string
  readonly killed: boolean
  /** A case that would kill it: to be completed with a better name, and put beside the rule. */
  readonly nearMiss?: RuleTest
}

export interface MutationOptions extends Omit<ThreadOptions, 'onPrinted'> {
  /** As for tests: which rules. */
  readonly patterns?: readonly string[]
  /** How many threads work at once. */
  readonly threads: number
  /** Told of each result, in the order of rules and lines. */
  onResult?(result: MutantResult): void
  /** Told how many of all mutants are judged. */
  onProgress?(done: number, total: number): void
}

export interface MutationResult {
  /** Rules that were chosen, in order. */
  readonly rules: readonly string[]
  /** Mutants that load, in the order of rules and lines: the same in each run. */
  readonly results: readonly MutantResult[]
  /** Faults of the project, and cases that fail without any mutant: their rules cannot be judged. */
  readonly problems: readonly CodedError[]
}

/** A mutant and the file (absolute) it is of. */
interface Job {
  readonly file: string
  readonly mutant: Mutant
}

/**
 * Breaks each rule in small ways, one at a time, and says which of these its tests do not notice. Mutants run in threads: one
 * that never returns counts as killed. What rules print is dropped.
 */
export async function runMutation(options: MutationOptions): Promise<MutationResult> {
  const { code, patterns = [], threads, onResult, onProgress } = options
  const start = () => startRuleTestThread({ ...options, onPrinted: () => {} })
  const first = await start()
  const chosen = first.rules.filter(chooser(patterns, code.dir))
  const rules = chosen.map(({ name }) => name)
  const problems = [...first.problems, ...readCases(code, first.rules).problems]
  if (problems.length > 0) {
    await first.close()
    return { rules, results: [], problems }
  }
  const { jobs, failing, thread } = await listJobs(first, chosen, start, code.dir)
  const results: MutantResult[] = []
  let judged = 0
  const settle = inOrder<MutantResult | undefined>((result) => {
    if (!result) return
    results.push(result)
    onResult?.(result)
  })
  onProgress?.(0, jobs.length)
  const queue = jobs.entries()
  const lane = async (given?: RuleTestThread) => {
    let own = given
    let ready: string | undefined
    for (const [n, job] of queue) {
      own ??= await start()
      // What is made once for the cases of a file is not of the time that a mutant has.
      if (ready !== job.file) await own.list(job.file, job.mutant.rules)
      ready = job.file
      const { fate, nearMiss, usable } = await judge(own, job)
      if (!usable) {
        await own.close()
        own = ready = undefined
      }
      settle(n, fate === 'invalid' ? undefined : resultOf(job, fate === 'killed', nearMiss, code.dir))
      onProgress?.(++judged, jobs.length)
    }
    await own?.close()
  }
  // A thread takes a while to start: for a few mutants one is enough.
  const lanes = Math.max(1, Math.min(threads, Math.ceil(jobs.length / 50)))
  await Promise.all([lane(thread), ...Array.from({ length: lanes - 1 }, () => lane())])
  return { rules, results, problems: failing }
}

/** The mutants of all chosen rules, file by file. A file with a case that fails already has none. */
async function listJobs(
  first: RuleTestThread,
  chosen: readonly RuleFile[],
  start: () => Promise<RuleTestThread>,
  dir: string,
): Promise<{ jobs: Job[]; failing: CodedError[]; thread: RuleTestThread }> {
  const jobs: Job[] = []
  const failing: CodedError[] = []
  let thread = first
  for (const [file, rules] of Map.groupBy(chosen, (rule) => rule.file)) {
    const names = rules.map(({ name }) => name)
    const fault = (message: string) =>
      new CodedError('TEST_FAILED', message, {
        place: { file: relative(dir, file) },
        hint: 'Mend what "streamalert test" shows first.',
      })
    try {
      const listing = await thread.list(file, names)
      failing.push(...listing.failing.map(({ rule, name }) => fault(`${rule}: "${name}" fails.`)))
      jobs.push(...listing.mutants.map((mutant) => ({ file, mutant })))
    } catch (error) {
      failing.push(fault(messageOf(error)))
      await thread.close()
      thread = await start()
    }
  }
  return { jobs, failing, thread }
}

interface Judgement {
  readonly fate: Fate
  readonly nearMiss?: RuleTest | undefined
  /** Whether the thread can go on. */
  readonly usable: boolean
}

/** A mutant that never returns, or takes its thread with it, would have been noticed. */
async function judge(thread: RuleTestThread, { file, mutant }: Job): Promise<Judgement> {
  let fate: Fate
  try {
    fate = await thread.judge(file, mutant)
  } catch {
    return { fate: 'killed', usable: false }
  }
  if (fate !== 'survived') return { fate, usable: true }
  try {
    return { fate, nearMiss: await thread.nearMiss(file, mutant), usable: true }
  } catch {
    return { fate, usable: false }
  }
}

const resultOf = (
  { file, mutant }: Job,
  killed: boolean,
  nearMiss: RuleTest | undefined,
  dir: string,
): MutantResult => ({
  rule: mutant.rules[0]!,
  file: relative(dir, file),
  line: mutant.line,
  change: mutant.change,
  killed,
  ...(nearMiss && { nearMiss }),
})
