import { environmentSecrets } from '../../project/index.ts'
import { startEngine } from '../../runtimes/embedded/engine.ts'
import { createReporter, createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli, ExitCode } from '../cli.ts'

/**
 * Runs the embedded engine until it is stopped, or with `once` until all is read and delivered. Exit code 1 when something
 * was left undone. With `--json` stdout holds alerts and nothing else.
 */
export async function run(cli: Cli, { once }: { readonly once: boolean }): Promise<ExitCode> {
  const { stdout, stderr, env } = process
  const screen = createScreen({ alerts: stdout, people: cli.json ? stderr : stdout, env, now: Date.now })
  const command = cli.dirGiven ? `npx streamalert --project ${cli.dir}` : 'npx streamalert'
  const reporter = createReporter({ screen, now: Date.now, command, once })
  const engine = await startEngine({
    projectDir: cli.dir,
    once,
    json: cli.json,
    screen,
    secret: environmentSecrets(env),
    events: {
      started: (_, loaded) => reporter.started(loaded.sensitive),
      committed: reporter.committed,
      settled: reporter.settled,
      caughtUp: reporter.caughtUp,
      reloadFailed: reporter.reloadFailed,
      log: reporter.log,
    },
  })
  const ticking = setInterval(reporter.tick, 100)
  const stop = () => void engine.stop()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  try {
    const { complete, unsent } = await engine.finished
    reporter.end(unsent)
    return complete && unsent === 0 ? 0 : 1
  } finally {
    clearInterval(ticking)
  }
}
