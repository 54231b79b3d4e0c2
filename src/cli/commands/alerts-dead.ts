import { randomUUID } from 'node:crypto'
import type { DeadLine, Reader } from '../../core/api/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { DeadSelection } from '../../core/retry-dead.ts'
import { plural, span } from '../../core/text/quantity.ts'
import { retryDeadInProject } from '../../runtimes/embedded/retry.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { DeadFilters } from '../history-commands.ts'
import { isOnAws, type Place, withAws, withReader } from '../reader.ts'
import { printable, shorten, table } from '../table.ts'
import { engineFor } from './engine-for.ts'

/** Shows deliveries that were given up, the latest first. */
export async function listDead(cli: Cli, flags: DeadFilters & Place & { readonly limit: number }): Promise<ExitCode> {
  const { aws, cluster, ...filters } = flags
  const found = await withReader(cli, { aws, cluster }, (reader) => reader.dead(filters))
  if (cli.json) for (const one of found) cli.emit(one)
  const columns = ['id', 'output', 'rule', 'tries', 'age', 'given up', 'error'].map((title) => ({
    title,
    right: title === 'tries',
  }))
  const rows = found.map((one) => [
    one.id.slice(0, 12),
    one.output,
    one.rule,
    String(one.attempts),
    ageOf(one),
    one.deadAt.slice(0, 19).replace('T', ' '),
    shorten(one.error, 80),
  ])
  cli.say(
    found.length === 0
      ? 'No alert was given up.'
      : `${table(columns, rows)}\n\n"streamalert alerts dead retry" sends them again once the cause is mended.`,
  )
  return 0
}

/** Shows the dead deliveries of one alert whole. `id` may be the beginning of an id. NOT_FOUND, AMBIGUOUS. */
export async function showDead(cli: Cli, id: string, place: Place = {}): Promise<ExitCode> {
  const found = await withReader(cli, place, async (reader) => {
    const [alert] = await fullIds(reader, [id])
    return reader.dead({ alert: alert!, limit: 1000 })
  })
  if (found.length === 0)
    throw new CodedError('NOT_FOUND', `No delivery of alert ${id} was given up.`, {
      hint: `"streamalert alerts show ${id}" tells what became of it.`,
    })
  for (const one of found) {
    if (cli.json) cli.emit(one)
    const facts = [
      ['alert', one.id],
      ['rule', one.rule],
      ['title', one.title],
      ['output', one.output],
      ['error', one.error],
      ['tries', String(one.attempts)],
      ['stored', one.storedAt],
      ['given up', `${one.deadAt}, after ${ageOf(one)}`],
    ] as const
    cli.say(facts.map(([name, value]) => `${name.padEnd(8)}  ${printable(value)}`).join('\n'))
    cli.say('')
  }
  return 0
}

/** Puts deliveries that were given up back in line: those of the alerts named (beginnings of ids), or all that fit. */
export async function retryDeadAlerts(cli: Cli, ids: readonly string[], flags: DeadFilters & Place): Promise<ExitCode> {
  const { aws, cluster, ...filters } = flags
  const place = { aws, cluster }
  const which = async (reader: Reader): Promise<DeadSelection> => ({
    ...filters,
    ...(ids.length > 0 && { alerts: await fullIds(reader, ids) }),
  })
  const retried = isOnAws(place)
    ? await withAws(cli, place, async (reader) => reader.retryDead(await which(reader)))
    : await retryDeadInProject(engineFor(cli), await withReader(cli, place, which), randomUUID())
  if (cli.json) cli.emit({ retried })
  cli.say(`${plural(retried, 'delivery', 'deliveries')} back in line.`)
  return 0
}

async function fullIds(reader: Reader, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map(async (id) => ({ id, alert: (await reader.alert(id))?.alert })))
  return found.map(({ id, alert }) => {
    if (alert) return alert.id
    throw new CodedError('NOT_FOUND', `No alert has the id ${id}.`, {
      hint: '"streamalert alerts dead list" shows them.',
    })
  })
}

const ageOf = ({ storedAt, deadAt }: DeadLine) => span(Date.parse(deadAt) - Date.parse(storedAt))
