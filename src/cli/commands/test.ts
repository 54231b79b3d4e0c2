import { writeFileSync } from 'node:fs'
import { explanationLines } from '../../core/explain/text.ts'
import type { RuleTestResult, Verdict } from '../../testing/rule-runner.ts'
import { runRuleTests } from '../../testing/rule-tests.ts'
import { type Cli, type ExitCode, formatProblems, problemToJson } from '../cli.ts'
import { printable } from '../table.ts'
import { codeToTest, noSuchRule } from './test-code.ts'
import { junitReport } from './test-junit.ts'

export interface TestOptions {
  /** Time one case may take, milliseconds. */
  readonly timeout: number
  /** File for a report as JUnit XML. */
  readonly junit?: string
}

/** Runs the tests of the rules that one of `patterns` fits; of all without one. Exit code 1 when a case fails or a file is broken. */
export async function test(cli: Cli, patterns: readonly string[], options: TestOptions): Promise<ExitCode> {
  const code = await codeToTest(cli.dir)
  let shown: string | undefined
  const { results, problems } = await runRuleTests({
    code,
    now: Date.now(),
    timeoutMs: options.timeout,
    onPrinted: (text) => cli.warn(text.trimEnd()),
    patterns,
    onResult(result) {
      if (cli.json) cli.emit(result)
      if (result.rule !== shown) cli.say(result.rule)
      shown = result.rule
      cli.say(describe(result))
    },
  })
  if (patterns.length > 0 && results.length === 0 && problems.length === 0) throw noSuchRule(patterns, cli.dir)
  if (options.junit !== undefined) writeFileSync(options.junit, junitReport(results, problems))
  if (cli.json) for (const problem of problems) cli.emit(problemResult(problemToJson(problem)))
  if (problems.length > 0) cli.warn(`\n${formatProblems(problems)}`)
  const passed = results.filter((result) => result.ok).length
  const failed = results.length - passed + problems.length
  if (cli.json) cli.emit({ passed, failed })
  cli.say(`\n${passed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

/** A file that could not be tested at all, in the form of a result. */
function problemResult({ code, message, file, line, name }: ReturnType<typeof problemToJson>) {
  const at = line === null ? file : `${file}:${line}`
  return { rule: name ?? file, name: at, ok: false, expected: null, actual: null, error: { code, message } }
}

function describe({ name, ok, expected, actual, error, explanations = [] }: RuleTestResult): string {
  if (ok) return `  ✓ ${printable(name)}`
  const heading = `  ✗ ${printable(name)}`
  if (error) return `${heading}\n      ${error.code} ${printable(error.message)}`
  const explained = explanations.flatMap((explanation, index) => [
    `      record ${index + 1} ${explanation.matches ? 'matches' : 'does not match'}`,
    ...explanationLines(explanation).map((line) => `        ${line}`),
  ])
  return [heading, ...differences(expected, actual ?? { alerts: false }), ...explained].join('\n')
}

function differences(expected: Verdict, actual: Verdict): string[] {
  return (['alerts', 'title', 'severity', 'dedup', 'outputs'] as const)
    .filter((key) => expected[key] !== undefined && JSON.stringify(expected[key]) !== JSON.stringify(actual[key]))
    .map(
      (key) => `      ${key.padEnd(8)}  expected ${show(expected[key])}\n                found    ${show(actual[key])}`,
    )
}

const show = (value: unknown) => (value === undefined ? 'none' : printable(JSON.stringify(value)))
