import { readFileSync } from 'node:fs'
import { type Command, CommanderError } from 'commander'
import { type Code, problemsOf } from '../core/errors.ts'
import { resolveOwnImports } from '../project/own-imports.ts'
import { packageFile, registerResolve } from '../project/resolve.ts'
import { type ExitCode, type Streams, formatProblems } from './cli.ts'
import { makeCodeStoppable } from '../project/v8-flags.ts'
import { createProgram } from './program.ts'

/** Runs the command line. Resolves with the exit code; everything has been said by then. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  makeCodeStoppable()
  resolveOwnImports()
  registerResolve()
  verifyCertificates()
  return runCommand(args)
}

/** Runs a command, and tells on `streams` what went wrong. Resolves with the exit code. */
export async function runCommand(args: readonly string[], streams: Streams = process): Promise<ExitCode> {
  let code: ExitCode = 0
  const program: Command = createProgram(version(), (result) => void (code = result), streams)
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const problems = problemsOf(error)
    streams.stderr.write(`${formatProblems(problems)}\n`)
    if (problems.some((problem) => problem.code === 'INTERNAL'))
      streams.stderr.write(`${String((error as Error)?.stack)}\n`)
    return problems.every((problem) => failures.has(problem.code)) ? 1 : 2
  }
}

/** Errors that are no fault of the call nor of the configuration. */
const failures: ReadonlySet<Code> = new Set([
  ...(['NOT_FOUND', 'AMBIGUOUS', 'INTERNAL', 'WORKER_FAILED', 'SOURCE_FAILED', 'SOURCE_CHANGED'] as const),
  ...(['STORE_NEWER', 'STORE_LOCKED', 'STORE_FAILED', 'BODY_DAMAGED', 'BODY_TOO_LARGE'] as const),
  ...(['SECRET_DAMAGED', 'SECRET_UNAVAILABLE'] as const),
  ...(['PACKAGE_MISSING', 'TERRAFORM_MISSING', 'TERRAFORM_FAILED', 'AWS_FAILED'] as const),
  ...(['API_FORBIDDEN', 'API_TOO_LARGE', 'API_SLOW'] as const),
])

/** Node would let one variable of the environment switch the verification of TLS off everywhere. */
function verifyCertificates(): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.stderr.write('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: certificates are always verified.\n')
}

/** `streamalert alerts list | head` closes the pipe early, which is no error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}
