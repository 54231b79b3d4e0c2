import { randomUUID } from 'node:crypto'
import type { DeadDelivery, Store } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { plural, span } from '../../core/text/quantity.ts'
import { retryDeadInProject } from '../../runtimes/embedded/retry.ts'
import { createScreen } from '../../runtimes/embedded/terminal/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { DeadFilters } from '../program.ts'
import { withStore } from '../store.ts'
import { printable, shorten, table } from '../table.ts'

/** Shows deliveries that were given up, the latest first. */
export async function listDead(cli: Cli, filters: DeadFilters & { readonly limit: number }): Promise<ExitCode> {
  const found = await withStore(cli, (store) => store.deadDeliveries(filters))
  if (cli.json) for (const one of found) cli.emit(toJson(one))
  const columns = ['id', 'output', 'rule', 'tries', 'age', 'given up', 'error'].map((title) => ({
    title,
    right: title === 'tries',
  }))
  const rows = found.map((one) => [
    one.alert.id.slice(0, 12),
    one.output,
    one.alert.rule,
    String(one.attempts),
    ageOf(one),
    iso(one.at).slice(0, 19).replace('T', ' '),
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
export async function showDead(cli: Cli, id: string): Promise<ExitCode> {
  const found = await withStore(cli, async (store) => {
    const [alert] = await fullIds(store, [id])
    return store.deadDeliveries({ alert: alert!, limit: 1000 })
  })
  if (found.length === 0)
    throw new CodedError('NOT_FOUND', `No delivery of alert ${id} was given up.`, {
      hint: `"streamalert alerts show ${id}" tells what became of it.`,
    })
  for (const one of found) {
    if (cli.json) cli.emit(toJson(one))
    const facts = [
      ['alert', one.alert.id],
      ['rule', one.alert.rule],
      ['title', one.alert.title],
      ['output', one.output],
      ['error', one.error],
      ['tries', String(one.attempts)],
      ['stored', iso(one.storedAt)],
      ['given up', `${iso(one.at)}, after ${span(one.at - one.storedAt)}`],
    ] as const
    cli.say(facts.map(([name, value]) => `${name.padEnd(8)}  ${printable(value)}`).join('\n'))
    cli.say('')
  }
  return 0
}

/** Puts deliveries that were given up back in line: those of the alerts named (beginnings of ids), or all that fit. */
export async function retryDeadAlerts(cli: Cli, ids: readonly string[], filters: DeadFilters): Promise<ExitCode> {
  const alerts = ids.length === 0 ? undefined : await withStore(cli, (store) => fullIds(store, ids))
  const { stdout, stderr, env } = process
  const screen = createScreen({ alerts: cli.json ? stderr : stdout, people: stderr, env, now: Date.now })
  const log = ({ level, message }: { readonly level: string; readonly message: string }) => {
    if (level === 'error' || level === 'warn') cli.warn(message)
  }
  const options = { projectDir: cli.dir, screen, env, events: { log } }
  const retried = await retryDeadInProject(options, { ...filters, ...(alerts && { alerts }) }, randomUUID())
  if (cli.json) cli.emit({ retried })
  cli.say(`${plural(retried, 'delivery', 'deliveries')} back in line.`)
  return 0
}

async function fullIds(store: Store, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map(async (id) => ({ id, alert: (await store.alert(id))?.alert })))
  return found.map(({ id, alert }) => {
    if (alert) return alert.id
    throw new CodedError('NOT_FOUND', `No alert has the id ${id}.`, {
      hint: '"streamalert alerts dead list" shows them.',
    })
  })
}

const toJson = ({ alert, output, attempts, error, storedAt, at }: DeadDelivery) => ({
  id: alert.id,
  rule: alert.rule,
  severity: alert.severity,
  title: alert.title,
  output,
  attempts,
  error,
  storedAt: iso(storedAt),
  deadAt: iso(at),
})

const ageOf = ({ storedAt, at }: DeadDelivery) => span(at - storedAt)
const iso = (time: number) => new Date(time).toISOString()
