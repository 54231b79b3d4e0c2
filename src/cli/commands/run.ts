import { CodedError } from '../../core/errors.ts'
import { loadProject, onlyStdin } from '../../project/index.ts'
import { type EngineOptions, startEngine } from '../../runtimes/embedded/engine.ts'
import { createInput } from '../../runtimes/embedded/input.ts'
import { createReporter, createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli, ExitCode } from '../cli.ts'

/** Options of `run`. */
export interface RunFlags {
  readonly once?: boolean
  readonly stdin?: true
  readonly schema?: readonly string[]
  readonly cluster?: string
}

/**
 * Runs the embedded engine until it is stopped, or with `once` or `stdin` until all is read and delivered. Exit code 1 when that left something
 * undone: a delivery that was not taken or sent, a verdict of a rule that failed. With `--json`, or an output
 * of the kind `stdout`, standard output holds alerts and nothing else.
 */
export async function run(cli: Cli, flags: RunFlags): Promise<ExitCode> {
  const { once = false } = flags
  if (!flags.stdin && (flags.schema !== undefined || flags.cluster !== undefined))
    throw new CodedError('USAGE', '--schema and --cluster say what --stdin brings.', { hint: 'Add --stdin.' })
  const { stdout, stderr, env } = process
  const people = cli.json || (await writesStdout(cli.dir)) ? stderr : stdout
  const screen = createScreen({ alerts: cli.json ? stdout : people, people, env, now: Date.now })
  const command = cli.dirGiven ? `npx streamalert --project ${cli.dir}` : 'npx streamalert'
  const input = createInput(() => process.stdin)
  let starts = 0
  let failed = false
  const ends = once || flags.stdin === true
  const reporter = createReporter({ screen, now: Date.now, command, once: ends })
  const engine = await startEngine({
    projectDir: cli.dir,
    once,
    json: cli.json,
    screen,
    env,
    input,
    ...choiceOf(flags),
    events: {
      started: (_, loaded) => {
        reporter.started(loaded.sensitive)
        if (++starts > 1) reporter.log(reloaded(loaded.rules.length))
      },
      committed(committed, results) {
        failed ||= results.some(({ quarantine }) => quarantine.some(({ kind }) => kind === 'verdict'))
        reporter.committed(committed, results)
      },
      settled: reporter.settled,
      caughtUp: reporter.caughtUp,
      reloadFailed: reporter.reloadFailed,
      log: reporter.log,
    },
  })
  const ticking = setInterval(reporter.tick, 100)
  const stop = () => {
    if (!once) reporter.log(ending)
    void engine.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  try {
    const { complete, unsent } = await engine.finished
    reporter.end(unsent)
    return !ends || (complete && unsent === 0 && !failed) ? 0 : 1
  } finally {
    clearInterval(ticking)
    // Who pipes on is told that nobody reads.
    input.close()
  }
}

/** True when an output writes to standard output, which programs then read. Throws what is wrong with the configuration. */
async function writesStdout(dir: string): Promise<boolean> {
  const { outputs } = await loadProject(dir)
  return outputs.some(({ name }) => name.startsWith('stdout:'))
}

/** What is read: the configured sources, one of which may be standard input, or that alone. */
function choiceOf({ stdin, schema: schemas, cluster }: RunFlags): Pick<EngineOptions, 'adapt'> {
  if (!stdin) return {}
  const choice = { ...(schemas && { schemas }), ...(cluster !== undefined && { cluster }) }
  return { adapt: (project) => onlyStdin(project, choice) }
}

const ending = {
  level: 'info',
  code: 'ENDING',
  message: 'Ending, once what is being sent has been answered. Ctrl-C again ends at once.',
} as const

const reloaded = (rules: number) =>
  ({ level: 'info', code: 'RELOADED', message: `Configuration, schemas and ${rules} rules were loaded anew.` }) as const
