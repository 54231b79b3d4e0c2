import { type Command, Option } from 'commander'
import { severities } from '../core/severity.ts'
import type { Commands } from './credential-commands.ts'
import { count, duration } from './numbers.ts'
import { at, onAws, places } from './place-options.ts'
import type { Place } from './reader.ts'

/** Commands that show what happened, here or on AWS, and try again what failed. */
export function addHistoryCommands({ add, group, program }: Commands & { readonly program: Command }): void {
  const alerts = group('alerts', 'show alerts')
  withFilters(
    add(alerts, 'list', 'the newest alerts', async (cli, options: AlertFilters & Place) =>
      (await import('./commands/alerts.ts')).listAlerts(cli, options),
    ),
    [
      new Option('--rule <name>', 'of this rule'),
      new Option('--aws', onAws),
      new Option('--cluster <name>', 'of this cluster'),
      new Option('--severity <level>', 'of this severity').choices(severities),
    ],
  )
    .option('--since <time>', 'not older than 15m, 2h, 7d', duration)
    .option('--digest <id>', 'those that this digest of a rate limit stands for')
  at(
    add(
      alerts,
      'show <id>',
      'one alert with its record and deliveries; the beginning of the id is enough',
      async (cli, id: string, place: Place) => (await import('./commands/alerts.ts')).showAlert(cli, id, place),
    ),
  )

  const dead = alerts.command('dead').description('alerts that an output did not take, and that are not tried again')
  const ofDelivery = () => [
    new Option('--output <name>', 'to this output, as kind:name'),
    new Option('--rule <name>', 'of this rule'),
    ...places(),
  ]
  withFilters(
    add(
      dead,
      'list',
      'which, why, and after how many tries',
      async (cli, options: DeadFilters & Place & { limit: number }) =>
        (await import('./commands/alerts-dead.ts')).listDead(cli, options),
    ),
    ofDelivery(),
  )
  at(
    add(
      dead,
      'show <id>',
      'those of one alert; the beginning of the id is enough',
      async (cli, id: string, place: Place) => (await import('./commands/alerts-dead.ts')).showDead(cli, id, place),
    ),
  )
  const retryDead = add(
    dead,
    'retry [id...]',
    'send them again, once the cause is mended; all, those of these alerts, or those that fit',
    async (cli, ids: string[], options: DeadFilters & Place) =>
      (await import('./commands/alerts-dead.ts')).retryDeadAlerts(cli, ids, options),
  )
  for (const option of ofDelivery()) retryDead.addOption(option)

  const quarantine = group('quarantine', 'show what could not be processed, and why')
  withFilters(
    add(
      quarantine,
      'list',
      'what could not be processed, grouped by reason',
      async (cli, options: QuarantineFilters & Place) =>
        (await import('./commands/quarantine.ts')).listQuarantine(cli, options),
    ),
    quarantineFilters(),
  )
  at(
    add(
      quarantine,
      'show <id>',
      'one entry with its text; the beginning of the id is enough',
      async (cli, id: string, place: Place) =>
        (await import('./commands/quarantine.ts')).showQuarantine(cli, id, place),
    ),
  )
  withFilters(
    add(
      quarantine,
      'retry [id]',
      'try entries again, after a schema or a rule was mended; all of them, or those that fit',
      async (cli, id: string | undefined, options: QuarantineFilters & Place) =>
        (await import('./commands/quarantine-retry.ts')).retryQuarantined(cli, id, options),
    ),
    quarantineFilters(),
    1_000_000,
  )

  at(
    add(program, 'status', 'what was read, alerted, delivered and not understood', async (cli, place: Place) =>
      (await import('./commands/status.ts')).status(cli, place),
    ),
  )
}

/** Options of `alerts list`. `since`: milliseconds back from now. */
export interface AlertFilters {
  readonly rule?: string
  readonly cluster?: string
  readonly severity?: string
  readonly since?: number
  /** The id of a digest, or its beginning. */
  readonly digest?: string
  readonly limit: number
}

/** Options of `alerts dead`. */
export interface DeadFilters {
  readonly output?: string
  readonly rule?: string
}

/** Options of `quarantine list`. */
export interface QuarantineFilters {
  readonly rule?: string
  readonly schema?: string
  readonly reason?: string
  readonly limit: number
}

function withFilters(command: Command, filters: readonly Option[], limit = 50): Command {
  for (const filter of filters) command.addOption(filter)
  return command.option('--limit <n>', 'at most this many', count, limit)
}

const quarantineFilters = () => [
  new Option('--rule <name>', 'verdicts of this rule'),
  new Option('--schema <name>', 'nearest to this log type'),
  new Option('--reason <code>', 'with this code'),
  ...places(),
]
