import { randomUUID } from 'node:crypto'
import { retryInProject } from '../../runtimes/embedded/retry.ts'
import { createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { QuarantineFilters } from '../program.ts'
import { thousands } from '../table.ts'

/** Runs quarantined entries through the whole pipeline again and clears those that pass. Exit code 1 when some fail again. */
export async function retryQuarantined(
  cli: Cli,
  id: string | undefined,
  filters: QuarantineFilters,
): Promise<ExitCode> {
  const { stdout, stderr, env } = process
  const screen = createScreen({ alerts: cli.json ? stderr : stdout, people: stderr, env, now: Date.now })
  const log = ({ level, message }: { readonly level: string; readonly message: string }) => {
    if (level === 'error' || level === 'warn') cli.warn(message)
  }
  const options = { projectDir: cli.dir, screen, env, events: { log } }
  const query = { ...filters, ...(id !== undefined && { id }) }
  const { passed, failed, alerts } = await retryInProject(options, query, randomUUID())
  if (cli.json) cli.emit({ passed, failed, alerts })
  else
    cli.say(
      `${thousands(passed)} went through and left the quarantine, ${thousands(failed)} failed again; ${thousands(alerts)} new alerts.`,
    )
  return failed > 0 ? 1 : 0
}
