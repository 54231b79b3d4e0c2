import type { Overview } from '../../core/contracts/index.ts'
import { loadProject } from '../../project/load.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { withStore } from '../store.ts'
import { shorten, table, thousands } from '../table.ts'

/** Shows every output that is configured, and what became of the alerts to it. */
export async function listOutputs(cli: Cli): Promise<ExitCode> {
  const { outputs } = await loadProject(cli.dir)
  const { deliveries } = await withStore(cli, (store) => store.overview())
  const found = outputs.map(({ name, kind }) => {
    const own = deliveries.filter(({ output }) => output === name)
    return { name, kind: kind.name, summary: kind.summary, ...tally(own) }
  })
  if (cli.json) for (const one of found) cli.emit(one)
  const columns = [
    ...['output', 'does'].map((title) => ({ title })),
    ...['sent', 'waiting', 'dead'].map((title) => ({ title, right: true })),
    { title: 'last error' },
  ]
  const rows = found.map((one) => [
    one.name,
    shorten(one.summary, 60),
    ...[one.sent, one.waiting, one.dead].map(thousands),
    shorten(one.error ?? '', 80),
  ])
  cli.say(found.length === 0 ? 'No outputs. "streamalert output add KIND" makes one.' : table(columns, rows))
  return 0
}

function tally(deliveries: Overview['deliveries']) {
  const count = (state: Overview['deliveries'][number]['state']) =>
    deliveries.filter((one) => one.state === state).reduce((sum, one) => sum + one.count, 0)
  const error =
    deliveries.find((one) => one.state === 'dead' && one.error)?.error ?? deliveries.find((one) => one.error)?.error
  return { sent: count('sent'), waiting: count('pending'), dead: count('dead'), error: error ?? null }
}
