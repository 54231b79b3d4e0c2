import { relative } from 'node:path'
import { problemsOf } from '../../core/errors.ts'
import { type Cli, type ExitCode, formatProblems } from '../cli.ts'
import { codeChanges } from './code-changes.ts'
import { type TestOptions, test } from './test.ts'
import { codeToTest } from './test-code.ts'

/**
 * Runs tests again when something they depend on has changed, until Ctrl-C: those of a rule whose file or test file changed,
 * and all of them when anything else did. With `patterns` always the rules they fit. Ends with what the last run found.
 */
export async function watchTests(cli: Cli, patterns: readonly string[], options: TestOptions): Promise<ExitCode> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  // Looked at before the first run: what changes meanwhile is not missed.
  const changes = codeChanges(cli.dir, stop.signal)
  let code = await run(cli, patterns, options)
  cli.warn('\nWaiting for changes. Ctrl-C ends.')
  for await (const changed of changes) {
    cli.warn(`\n${changed.map((file) => relative(cli.dir, file)).join(', ')} changed`)
    code = await run(cli, patterns.length > 0 ? patterns : await affected(cli.dir, changed), options)
    cli.warn('\nWaiting for changes. Ctrl-C ends.')
  }
  return code
}

/** A fault of the project is shown as one of a rule is: it will be mended. */
async function run(cli: Cli, patterns: readonly string[], options: TestOptions): Promise<ExitCode> {
  try {
    return await test(cli, patterns, options)
  } catch (error) {
    cli.warn(formatProblems(problemsOf(error)))
    return 2
  }
}

/** Files of the rules that changed, or none for all rules. */
async function affected(dir: string, changed: readonly string[]): Promise<string[]> {
  try {
    const { ruleFiles } = await codeToTest(dir)
    const files = changed.map((file) => ruleFiles.find((rule) => stem(rule) === stem(file)))
    return files.every((file) => file !== undefined) ? files.map((file) => relative(dir, file)) : []
  } catch {
    return []
  }
}

/** A rule's file and its tests have it in common. */
const stem = (file: string) => file.replace(/(?:\.test\.json|\.[mj]?[tj]s)$/, '')
