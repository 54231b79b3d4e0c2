import { availableParallelism } from 'node:os'
import type { MutantResult } from '../../testing/mutate/run.ts'
import { runMutation } from '../../testing/mutate/run.ts'
import { type Cli, type ExitCode, formatProblems, problemToJson } from '../cli.ts'
import { printable } from '../table.ts'
import { createProgressBar } from './progress-bar.ts'
import { codeToTest, noSuchRule } from './test-code.ts'

export interface MutateOptions {
  /** Time the tests of one rule may take, milliseconds. */
  readonly timeout: number
  /** Per cent of the mutants that must be killed. */
  readonly minScore: number
}

/**
 * Breaks the rules that one of `patterns` fits, all without one, and reports what their tests do not notice. Exit code 1 when
 * fewer mutants are killed than asked for, or a rule could not be judged.
 */
export async function testMutants(cli: Cli, patterns: readonly string[], options: MutateOptions): Promise<ExitCode> {
  const code = await codeToTest(cli.dir)
  const bar = createProgressBar(process.stderr)
  let survived = 0
  const { rules, results, problems } = await runMutation({
    code,
    now: Date.now(),
    timeoutMs: options.timeout,
    patterns,
    threads: availableParallelism(),
    onProgress: (done, total) => bar.show(done, total, `${survived} survived`),
    onResult(result) {
      if (!result.killed) survived++
      if (!cli.json) return
      bar.clear()
      cli.emit(result)
    },
  })
  bar.clear()
  if (patterns.length > 0 && rules.length === 0) throw noSuchRule(patterns, cli.dir)
  const byRule = Map.groupBy(results, ({ rule }) => rule)
  for (const rule of rules) cli.say(describeRule(rule, byRule.get(rule) ?? []))
  if (cli.json) for (const problem of problems) cli.emit(problemToJson(problem))
  if (problems.length > 0) cli.warn(`\n${formatProblems(problems)}`)

  const { length: total } = results
  const killed = results.filter((result) => result.killed).length
  const score = total === 0 ? 100 : (100 * killed) / total
  if (cli.json) cli.emit({ killed, total, score: rounded(score) })
  cli.say(`\n${killed} of ${total} mutants killed: ${rounded(score)} %`)
  const enough = score >= options.minScore
  if (!enough) cli.warn(`At least ${options.minScore} % were asked for.`)
  return enough && problems.length === 0 ? 0 : 1
}

/** Downwards, so that it never shows what was not reached. */
const rounded = (score: number) => Math.floor(score * 10) / 10

function describeRule(rule: string, mutants: readonly MutantResult[]): string {
  const survivors = mutants.filter(({ killed }) => !killed)
  const head = `${survivors.length === 0 ? '✓' : '✗'} ${rule}  ${mutants.length - survivors.length}/${mutants.length}`
  return [head, ...survivors.map(describeSurvivor)].join('\n')
}

/** Longer cases are for machines. */
const readable = 400

function describeSurvivor({ file, line, change, nearMiss }: MutantResult): string {
  const what = `    ${file}:${line}  ${printable(change)}`
  if (!nearMiss) return `${what}\n      no record near to those of the tests would be noticed`
  const json = JSON.stringify(nearMiss)
  const verdict = nearMiss.alerts ? 'an alert' : 'no alert'
  const words = `${what}\n      would be noticed by: ${printable(nearMiss.name)} (${verdict})`
  return json.length > readable ? `${words}\n      --json shows it whole` : `${words}\n      ${printable(json)}`
}
