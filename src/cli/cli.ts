import { resolve } from 'node:path'
import { type CodedError, formatProblem } from '../core/errors.ts'

/** What every command is given: where the project is, and where to write. */
export interface Cli {
  /** `--json`: machines read stdout. */
  readonly json: boolean
  /** The project folder, absolute. */
  readonly dir: string
  /** Whether `--project` was given. */
  readonly dirGiven: boolean
  /** One JSON value, one line, on stdout. */
  emit(value: unknown): void
  /** A line for people: on stdout, with `--json` on stderr. */
  say(text: string): void
  /** A line on stderr. */
  warn(text: string): void
}

/** What a command ends with: 0 fine, 1 findings or failures, 2 wrong use or broken configuration. */
export type ExitCode = 0 | 1 | 2

/** Where text goes. */
export interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

export function createCli(
  options: { readonly json?: boolean; readonly project?: string },
  streams: Streams = process,
): Cli {
  const json = options.json ?? false
  const out = (text: string) => void streams.stdout.write(`${text}\n`)
  const warn = (text: string) => void streams.stderr.write(`${text}\n`)
  return {
    json,
    dir: resolve(options.project ?? '.'),
    dirGiven: options.project !== undefined,
    emit: (value) => out(JSON.stringify(value)),
    say: json ? warn : out,
    warn,
  }
}

/** `{file,line,column,code,message,hint?}`: a problem as machines get it. */
export function problemToJson({ place, code, message, hint }: CodedError) {
  const { file = null, line = null, column = null, name } = place
  return { file, line, column, code, message, ...(name !== undefined && { name }), ...(hint !== undefined && { hint }) }
}

/** Problems for people, each on its own line. */
export const formatProblems = (problems: readonly CodedError[]) => problems.map(formatProblem).join('\n')
