import type { LogLine } from '../../core/contracts/index.ts'
import { environmentSecrets } from '../../project/index.ts'
import { startEngine } from '../../runtimes/embedded/engine.ts'
import { type Cli, type ExitCode, formatProblems } from '../cli.ts'

/** Runs the embedded engine. Exit code 1 when something was left undone. */
export async function run(cli: Cli, { once }: { readonly once: boolean }): Promise<ExitCode> {
  const engine = await startEngine({
    projectDir: cli.dir,
    once,
    screen: {
      colour: Boolean(process.stdout.isTTY),
      columns: process.stdout.columns || 100,
      write: (text) => void process.stdout.write(text),
    },
    secret: environmentSecrets(process.env),
    events: {
      log: (line: LogLine) => cli.warn(`${line.level} ${line.code} ${line.message}`),
      caughtUp: () => cli.warn('caught up'),
      reloadFailed: (problems) => cli.warn(formatProblems(problems)),
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void engine.stop())
  const { complete, unsent } = await engine.finished
  return complete && unsent === 0 ? 0 : 1
}
