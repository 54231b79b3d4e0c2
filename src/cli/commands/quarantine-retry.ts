import { randomUUID } from 'node:crypto'
import { retryInProject } from '../../runtimes/embedded/retry.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { QuarantineFilters } from '../history-commands.ts'
import { isOnAws, type Place, withAws } from '../reader.ts'
import { thousands } from '../table.ts'
import { engineFor } from './engine-for.ts'

/** Runs quarantined entries through the whole pipeline again and clears those that pass. Exit code 1 when some fail again. */
export async function retryQuarantined(
  cli: Cli,
  id: string | undefined,
  flags: QuarantineFilters & Place,
): Promise<ExitCode> {
  const { aws, cluster, ...filters } = flags
  const query = { ...filters, ...(id !== undefined && { id }) }
  const place = { aws, cluster }
  const { passed, failed, alerts } = isOnAws(place)
    ? await withAws(cli, place, (reader) => reader.retryQuarantine(query))
    : await retryInProject(engineFor(cli), query, randomUUID())
  if (cli.json) cli.emit({ passed, failed, alerts })
  else
    cli.say(
      `${thousands(passed)} went through and left the quarantine, ${thousands(failed)} failed again; ${thousands(alerts)} new alerts.`,
    )
  return failed > 0 ? 1 : 0
}
