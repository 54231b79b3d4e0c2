import { startEngine } from '../../runtimes/embedded/engine.ts'
import { createReporter, createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli, ExitCode } from '../cli.ts'

/**
 * Runs the embedded engine until it is stopped, or with `once` until all is read and delivered. Exit code 1 when `once` left something
 * undone: a delivery that was not taken or sent, a verdict of a rule that failed. With `--json` stdout holds alerts and nothing else.
 */
export async function run(cli: Cli, { once }: { readonly once: boolean }): Promise<ExitCode> {
  const { stdout, stderr, env } = process
  const screen = createScreen({ alerts: stdout, people: cli.json ? stderr : stdout, env, now: Date.now })
  const command = cli.dirGiven ? `npx streamalert --project ${cli.dir}` : 'npx streamalert'
  let starts = 0
  let failed = false
  const reporter = createReporter({ screen, now: Date.now, command, once })
  const engine = await startEngine({
    projectDir: cli.dir,
    once,
    json: cli.json,
    screen,
    env,
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
    return !once || (complete && unsent === 0 && !failed) ? 0 : 1
  } finally {
    clearInterval(ticking)
  }
}

const ending = {
  level: 'info',
  code: 'ENDING',
  message: 'Ending, once what is being sent has been answered. Ctrl-C again ends at once.',
} as const

const reloaded = (rules: number) =>
  ({ level: 'info', code: 'RELOADED', message: `Configuration, schemas and ${rules} rules were loaded anew.` }) as const
