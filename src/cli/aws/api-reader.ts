import { type DeadLine, entryFromJson, type EntryJson, type Reader, type RuleFacts } from '../../core/api/index.ts'
import type { QuarantineGroup, QuarantineQuery, StoredAlert } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { DeadSelection } from '../../core/retry-dead.ts'
import type { Retried } from '../../core/retry-quarantine.ts'
import type { Changed, StagingChange } from '../../core/staging/index.ts'
import type { StatusReport } from '../../core/status/index.ts'
import { awsOf } from '../../project/aws/index.ts'
import { loadProject } from '../../project/load.ts'
import type { Cli } from '../cli.ts'
import type { Place } from '../reader.ts'
import { type Ask, createAsk } from './api-client.ts'
import { apiUrl } from './api-url.ts'
import { chainKeys } from './clients.ts'

/** A reader of a deployment, which can also try again what failed there. */
export interface AwsReader extends Reader {
  retryDead(which: DeadSelection): Promise<number>
  retryQuarantine(query: QuarantineQuery): Promise<Retried>
  /** Stages or promotes a rule. NOT_FOUND. */
  changeRule(change: StagingChange): Promise<Changed>
}

/** Finds the api of the project's deployment. Throws USAGE where it is not clear which cluster is meant. */
export async function openAwsReader(cli: Cli, { cluster }: Place): Promise<AwsReader> {
  const project = await loadProject(cli.dir)
  const aws = awsOf(project)
  const name = clusterOf(Object.keys(project.config.clusters), cluster)
  const keys = await chainKeys()
  const url = await apiUrl(project, aws, keys)
  return createAwsReader(createAsk({ url, region: aws.region, keys }), name)
}

function clusterOf(names: readonly string[], asked: string | undefined): string {
  if (asked === undefined && names.length === 1) return names[0]!
  const hint = `Name one with --cluster: ${names.join(', ')}.`
  if (asked === undefined) throw new CodedError('USAGE', 'The project has several clusters.', { hint })
  if (names.includes(asked)) return asked
  throw new CodedError('USAGE', `The project has no cluster ${asked}.`, { hint })
}

/** Entries that one request lists at most. */
const mostListed = 1000

/** Reads one cluster through the api. */
export function createAwsReader(ask: Ask, cluster: string): AwsReader {
  const below = `/v1/clusters/${encodeURIComponent(cluster)}`

  /** All pages of a list, up to `limit`. What came in between may move an entry to a second page: it is told once. */
  async function pages<T>(
    path: string,
    name: string,
    { limit, ...query }: Query & { readonly limit: number },
    idOf: (one: T) => string,
  ): Promise<T[]> {
    const found = new Map<string, T>()
    let cursor: string | undefined
    do {
      const left = Math.min(limit - found.size, mostListed)
      const page = await ask('GET', below + path, { query: textsOf({ ...query, limit: left, cursor }) })
      for (const one of page[name] as T[]) found.set(idOf(one), one)
      cursor = page['cursor'] as string | undefined
    } while (cursor !== undefined && found.size < limit)
    return [...found.values()].slice(0, limit)
  }

  return {
    status: async () => (await ask('GET', `${below}/status`)) as unknown as StatusReport,
    alerts({ rule, severity, since, staged, digest, limit }) {
      const after = since === undefined ? undefined : new Date(since).toISOString()
      const query = { rule, severity, since: after, staged, digest, limit }
      return pages<StoredAlert>('/alerts', 'alerts', query, ({ alert }) => alert.id)
    },
    alert: (id) =>
      unlessMissing(ask('GET', `${below}/alerts/${encodeURIComponent(id)}`)) as Promise<StoredAlert | undefined>,
    dead({ output, rule, alert, limit }) {
      const query = { output, rule, alert, limit }
      return pages<DeadLine>('/dead', 'dead', query, (one) => `${one.id} ${one.output}`)
    },
    async quarantine({ id, kind, reason, schema, rule, limit }) {
      const query = { id, kind, reason, schema, rule, limit }
      return (await pages<EntryJson>('/quarantine', 'entries', query, (one) => one.id)).map(entryFromJson)
    },
    async quarantineGroups() {
      const { groups } = await ask('GET', `${below}/quarantine/groups`)
      type Group = Omit<QuarantineGroup, 'sample'> & { readonly sample: EntryJson }
      return (groups as Group[]).map((group) => ({ ...group, sample: entryFromJson(group.sample) }))
    },
    rules: async () => (await ask('GET', `${below}/rules`))['rules'] as RuleFacts[],
    async changeRule({ action, ...change }) {
      return (await ask('POST', `${below}/rules/${action}`, { body: change })) as unknown as Changed
    },
    async retryDead({ output, rule, alerts }) {
      let retried = 0
      for (let more = true; more; ) {
        const answer = await ask('POST', `${below}/dead/retry`, { body: { output, rule, alerts } })
        retried += Number(answer['retried'])
        more = answer['more'] === true
      }
      return retried
    },
    async retryQuarantine({ id, kind, reason, schema, rule, limit }) {
      const all = { passed: 0, failed: 0, alerts: 0 }
      let cursor: string | undefined
      do {
        const answer = await ask('POST', `${below}/quarantine/retry`, {
          body: { id, kind, reason, schema, rule, cursor },
        })
        for (const name of ['passed', 'failed', 'alerts'] as const) all[name] += Number(answer[name])
        cursor = answer['cursor'] as string | undefined
      } while (cursor !== undefined && all.passed + all.failed < limit)
      return all
    },
  }
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

const textsOf = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof CodedError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
