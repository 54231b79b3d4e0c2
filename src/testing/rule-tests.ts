import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { CodedError, problemsOf } from '../core/errors.ts'
import { compileGlob } from '../core/glob.ts'
import { suggest } from '../core/nearest.ts'
import type { CodeRequest } from '../project/code-request.ts'
import { testFiles } from '../project/files.ts'
import type { RuleTestResult } from './rule-runner.ts'
import { type RuleTest, readRuleTests } from './rule-test-file.ts'
import { type RuleFile, type RuleTestThread, type ThreadOptions, startRuleTestThread } from './rule-test-thread.ts'

export interface RuleTestsOptions extends ThreadOptions {
  /** Parts of a rule's name or of its file's path; with `*` globs of either. None: all rules. */
  readonly patterns?: readonly string[]
  /** Told of each result as it comes. */
  onResult?(result: RuleTestResult): void
}

export interface RuleTestsResult {
  readonly results: readonly RuleTestResult[]
  /** Faults of rules, schemas and test files, for which no case could run. */
  readonly problems: readonly CodedError[]
}

/** A case and the rule it is of. */
interface Case {
  readonly rule: string
  readonly test: RuleTest
}

/** Runs the tests that lie beside a project's rules. Rules run in a thread: one that hangs fails its case and nothing else. */
export async function runRuleTests(options: RuleTestsOptions): Promise<RuleTestsResult> {
  const { code, patterns = [] } = options
  const results: RuleTestResult[] = []
  const report = (result: RuleTestResult) => {
    results.push(result)
    options.onResult?.(result)
  }
  let thread = await startRuleTestThread(options)
  try {
    const { cases, problems } = readCases(code, thread.rules)
    const chosen = thread.rules.filter(chooser(patterns, code.dir))
    for (const { name } of chosen) {
      const own = cases.filter((one) => one.rule === name)
      for (const one of own) {
        const { result, usable } = await runCase(thread, one)
        report(result)
        if (!usable) thread = await restart(thread, options)
      }
      for (const missing of missingCases(name, own)) report(missing)
    }
    return { results, problems: [...thread.problems, ...problems] }
  } finally {
    await thread.close()
  }
}

async function runCase(
  thread: RuleTestThread,
  { rule, test }: Case,
): Promise<{ result: RuleTestResult; usable: boolean }> {
  try {
    return { result: await thread.run(rule, test), usable: true }
  } catch (error) {
    const [problem] = problemsOf(error)
    const { code, message } = problem!
    const expected = { alerts: test.alerts }
    return {
      result: { rule, name: test.name, ok: false, expected, actual: null, error: { code, message } },
      usable: false,
    }
  }
}

async function restart(thread: RuleTestThread, options: ThreadOptions): Promise<RuleTestThread> {
  await thread.close()
  return startRuleTestThread(options)
}

/** A rule is only tested when a case shows that it fires and one that it does not. */
function missingCases(rule: string, cases: readonly Case[]): RuleTestResult[] {
  return [true, false]
    .filter((alerts) => !cases.some(({ test }) => test.alerts === alerts))
    .map((alerts) => {
      const what = alerts ? 'an alert' : 'no alert'
      const error = { code: 'TEST_MISSING', message: `There is no case that expects ${what}.` }
      return { rule, name: `has a case that expects ${what}`, ok: false, expected: { alerts }, actual: null, error }
    })
}

/** Test files of the project: each lies beside the file of its rules, `sudo.ts` and `sudo.test.json`. */
export function readCases(code: CodeRequest, rules: readonly RuleFile[]): { cases: Case[]; problems: CodedError[] } {
  const problems: CodedError[] = []
  const cases = testFiles(join(code.dir, 'rules')).flatMap((file) => {
    const stem = file.slice(0, -'.test.json'.length)
    const beside = rules.filter((rule) => rule.file.replace(/\.[mj]?[tj]s$/, '') === stem)
    try {
      const tests = readRuleTests(file, code.dir)
      if (beside.length > 0) return tests.flatMap((test) => assign(test, beside, relative(code.dir, file), problems))
      if (!['.ts', '.js', '.mts', '.mjs'].some((ending) => existsSync(stem + ending))) {
        const place = { file: relative(code.dir, file) }
        problems.push(
          new CodedError('TEST_FILE_INVALID', 'There is no rule file of the same name beside it.', { place }),
        )
      }
    } catch (error) {
      problems.push(...problemsOf(error))
    }
    return []
  })
  return { cases, problems }
}

/** The rule that a case is of. */
function assign(test: RuleTest, rules: readonly RuleFile[], file: string, problems: CodedError[]): Case[] {
  const names = rules.map((rule) => rule.name)
  const rule = test.rule ?? (names.length === 1 ? names[0] : undefined)
  if (rule !== undefined && names.includes(rule)) return [{ rule, test }]
  const message =
    rule === undefined
      ? `"${test.name}" does not say which "rule" it is of.`
      : `There is no rule "${rule}" in the file beside.`
  const hint = rule === undefined ? `Add "rule" with one of ${names.join(', ')}.` : suggest(rule, names)
  problems.push(new CodedError('TEST_FILE_INVALID', message, { place: { file }, hint }))
  return []
}

/** Whether a rule is meant by one of `patterns`; without any, each is. */
export function chooser(patterns: readonly string[], dir: string): (rule: RuleFile) => boolean {
  if (patterns.length === 0) return () => true
  const tests = patterns.map((given) => {
    const pattern = given.replace(/^\.\//, '').replace(/\.test\.json$/, '.')
    return pattern.includes('*') ? compileGlob(pattern) : (text: string) => text.includes(pattern)
  })
  return ({ name, file }) => [name, relative(dir, file), file].some((text) => tests.some((matches) => matches(text)))
}
