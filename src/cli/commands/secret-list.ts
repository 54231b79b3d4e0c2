import { span } from '../../core/text/quantity.ts'
import { inspectProject, type Project } from '../../project/load.ts'
import { openSecrets, type ProjectSecrets } from '../../project/open-secrets.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { createInput } from '../input.ts'
import { table } from '../table.ts'

/** A secret as it is listed. There is no value in it. */
interface Listed {
  readonly name: string
  /** Null: no provider on this machine has it. */
  readonly provider: string | null
  /** ISO 8601, where the provider knows. */
  readonly setAt: string | null
  /** Options of the configuration that name it. */
  readonly usedBy: readonly string[]
}

/** Shows names, providers and ages of all secrets that are stored here or named by the configuration. Never a value. */
export async function listSecrets(cli: Cli, input = createInput(cli)): Promise<ExitCode> {
  const { project } = await inspectProject(cli.dir)
  const { providers } = openSecrets(project, { env: input.env, now: Date.now })
  const uses = Map.groupBy(project.secretUses, ({ name }) => name)
  const stored = await storedIn(providers)
  const named = await Promise.all([...uses].map(([name, places]) => namedIn(name, places, providers, stored)))
  const others = stored.filter((one) => !named.some((other) => isSame(one, other)))
  const shown = [...named, ...others.map((one) => ({ ...one, usedBy: [] }))].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  if (cli.json) for (const one of shown) cli.emit(one)
  const elsewhere = providers.filter(({ provider }) => !provider.local).map(({ name }) => name)
  const columns = ['name', 'provider', 'age', 'used by'].map((title) => ({ title }))
  cli.say(
    shown.length === 0
      ? 'No secrets.'
      : table(
          columns,
          shown.map((one) => row(one, elsewhere)),
        ),
  )
  return 0
}

async function storedIn(providers: ProjectSecrets['providers']): Promise<Omit<Listed, 'usedBy'>[]> {
  const lists = await Promise.all(
    providers.map(async ({ name: kind, provider }) =>
      ((await provider.local?.list()) ?? []).map(({ name, setAt }) => {
        return { name, provider: kind, setAt: setAt === undefined ? null : new Date(setAt).toISOString() }
      }),
    ),
  )
  return lists.flat()
}

/** A name of the configuration, with the provider whose value it gets. */
async function namedIn(
  name: string,
  places: Project['secretUses'],
  providers: ProjectSecrets['providers'],
  stored: readonly Omit<Listed, 'usedBy'>[],
): Promise<Listed> {
  const usedBy = places.map(({ option }) => option)
  for (const { name: provider, provider: asked } of providers) {
    if (!(await asked.local?.has(name))) continue
    return { name, provider, setAt: stored.find((one) => isSame(one, { name, provider }))?.setAt ?? null, usedBy }
  }
  return { name, provider: null, setAt: null, usedBy }
}

/** Variables of the environment have another spelling than names in the configuration. */
function isSame(one: Pick<Listed, 'name' | 'provider'>, other: Pick<Listed, 'name' | 'provider'>): boolean {
  if (one.provider !== other.provider) return false
  return (
    one.name === other.name || (one.provider === 'environment' && variableForm(one.name) === variableForm(other.name))
  )
}

const variableForm = (name: string) => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')

const row = ({ name, provider, setAt, usedBy }: Listed, elsewhere: readonly string[]) => [
  name,
  provider ?? (elsewhere.length === 0 ? 'missing' : `not here; ${elsewhere.join(', ')} may have it`),
  setAt === null ? '' : age(Date.now() - Date.parse(setAt)),
  usedBy.join(', '),
]

const day = 86_400_000
const age = (ms: number) => (ms >= 2 * day ? `${Math.floor(ms / day)} d` : span(Math.max(0, ms)))
