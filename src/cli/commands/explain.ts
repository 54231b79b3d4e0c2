import { readFileSync } from 'node:fs'
import { CodedError, Problems, messageOf } from '../../core/errors.ts'
import { explanationLines } from '../../core/explain/text.ts'
import { suggest } from '../../core/nearest.ts'
import { codeOf } from '../../project/code-request.ts'
import { loadProject } from '../../project/load.ts'
import type { Explained } from '../../testing/explain-text.ts'
import { startRuleTestThread } from '../../testing/rule-test-thread.ts'
import type { Cli, ExitCode } from '../cli.ts'

/** Options of `explain`. */
export interface ExplainFlags {
  readonly schema?: string
  readonly cluster?: string
  /** Milliseconds. */
  readonly timeout: number
}

/**
 * Shows why a rule matches each record of a file or does not, condition by condition. Exit code 0 when it matches one of
 * them, 1 when it matches none. `--json`: an explanation a line.
 */
export async function explain(cli: Cli, rule: string, file: string, flags: ExplainFlags): Promise<ExitCode> {
  const text = read(file)
  const project = await loadProject(cli.dir)
  const onPrinted = (printed: string) => cli.warn(printed.trimEnd())
  const thread = await startRuleTestThread({
    code: codeOf(project),
    now: Date.now(),
    timeoutMs: flags.timeout,
    onPrinted,
  })
  try {
    if (thread.problems.length > 0) throw new Problems(thread.problems)
    const names = thread.rules.map(({ name }) => name)
    if (!names.includes(rule))
      throw new CodedError('NOT_FOUND', `There is no rule "${rule}".`, { hint: suggest(rule, names) })
    const { schema, cluster } = flags
    const input = { text, ...(schema !== undefined && { schema }), ...(cluster !== undefined && { cluster }) }
    const explained = await thread.explain(rule, input)
    for (const [index, one] of explained.entries()) {
      if (cli.json) cli.emit(one)
      cli.say(describe(one, explained.length > 1 ? `record ${index + 1}: ` : ''))
    }
    return explained.some(({ matches }) => matches) ? 0 : 1
  } finally {
    await thread.close()
  }
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new CodedError('USAGE', `${file} cannot be read: ${messageOf(error)}`)
  }
}

const describe = (explained: Explained, which: string): string =>
  [
    `${which}${explained.rule} ${explained.matches ? 'matches' : 'does not match'}`,
    ...explanationLines(explained, (fn) => explained.functions[fn] ?? undefined).map((line) => `  ${line}`),
  ].join('\n')
