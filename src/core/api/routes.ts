import type { z } from 'zod'
import { CodedError } from '../errors.ts'
import type { DeadSelection } from '../retry-dead.ts'
import type { Retried } from '../retry-quarantine.ts'
import type { QuarantineQuery } from '../contracts/index.ts'
import type { Changed, StagingChange } from '../staging/index.ts'
import type { Role } from './access.ts'
import { listed, pageOf } from './answer.ts'
import { entryToJson } from './entry-json.ts'
import * as input from './input.ts'
import type { Reader } from './reader.ts'

/** What the api does in one cluster, for one who asks. */
export interface Desk {
  /** As the asker may see it. */
  readonly reader: Reader
  /** Puts dead deliveries back in line, at most `most`; answers how many. */
  retryDead(which: DeadSelection, most: number): Promise<number>
  /** Tries entries of the quarantine again, by their whole ids. */
  retryQuarantined(ids: readonly string[]): Promise<Retried>
  /** Stages or promotes a rule. NOT_FOUND. */
  changeRule(change: StagingChange): Promise<Changed>
}

/** What one method of a path does. */
export interface Route {
  readonly role: Role
  /** The shape of the query, or of the body. */
  readonly input: z.ZodType
  /** `id`: the last part of the path, where it is one. */
  readonly answer: (desk: Desk, given: never, id: string) => Promise<unknown>
}

const route = <S extends z.ZodType>(
  role: Role,
  shape: S,
  answer: (desk: Desk, given: z.output<S>, id: string) => Promise<unknown>,
): Route => ({ role, input: shape, answer })

/** Alerts and entries are read so many at a time: each may be large. */
const mostAlerts = 100
const mostEntries = 50
/** Entries that one request tries again, and deliveries that it puts back. */
const mostRetried = 100
const mostRevived = 1_000

/** Below `/v1/clusters/<cluster>/`: path → method → what it does. */
export const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  status: {
    GET: route('viewer', input.nothing, ({ reader }) => reader.status()),
  },
  alerts: {
    GET: route('viewer', input.alertsQuery, async ({ reader }, { limit, cursor, ...query }) => {
      const wanted = Math.min(limit, mostAlerts)
      const found = await reader.alerts({ ...defined(query), limit: wanted, skip: cursor })
      return pageOf('alerts', found.map(listed), { cursor, limit: wanted })
    }),
  },
  'alerts/:id': {
    GET: route('viewer', input.nothing, async ({ reader }, _, id) => {
      const found = await reader.alert(id)
      if (found) return found
      throw new CodedError('NOT_FOUND', `No alert has the id ${id}.`, { hint: '"streamalert alerts list" shows them.' })
    }),
  },
  dead: {
    GET: route('viewer', input.deadQuery, async ({ reader }, { limit, cursor, ...query }) => {
      const found = await reader.dead({ ...defined(query), limit, skip: cursor })
      return pageOf('dead', found, { cursor, limit })
    }),
  },
  'dead/retry': {
    POST: route('responder', input.deadRetry, async ({ retryDead }, which) => {
      const retried = await retryDead(defined(which), mostRevived)
      return { retried, more: retried >= mostRevived }
    }),
  },
  rules: {
    GET: route('viewer', input.nothing, async ({ reader }) => ({ rules: await reader.rules() })),
  },
  'rules/stage': {
    POST: route('responder', input.ruleStage, ({ changeRule }, change) =>
      changeRule({ ...defined(change), action: 'stage' }),
    ),
  },
  'rules/promote': {
    POST: route('responder', input.rulePromote, ({ changeRule }, { rule }) => changeRule({ rule, action: 'promote' })),
  },
  quarantine: {
    GET: route('responder', input.quarantineQuery, async ({ reader }, { limit, cursor, ...query }) => {
      const wanted = Math.min(limit, mostEntries)
      const found = await reader.quarantine({ ...defined(query), limit: wanted, skip: cursor })
      return pageOf('entries', found.map(entryToJson), { cursor, limit: wanted })
    }),
  },
  'quarantine/groups': {
    GET: route('responder', input.nothing, async ({ reader }) => {
      const groups = await reader.quarantineGroups()
      return {
        groups: groups.map(({ sample, ...group }) => ({ ...group, sample: entryToJson({ ...sample, raw: none }) })),
      }
    }),
  },
  'quarantine/retry': {
    POST: route('responder', input.quarantineRetry, async ({ reader, retryQuarantined }, { cursor, ...query }) => {
      const wish: QuarantineQuery = { ...defined(query), limit: mostRetried, skip: cursor, light: true }
      const found = await reader.quarantine(wish)
      if (found.length === 0) return { passed: 0, failed: 0, alerts: 0 }
      const { passed, failed, alerts } = await retryQuarantined(found.map(({ id }) => id))
      // Those that passed are gone: only those that failed again are left out the next time.
      return { passed, failed, alerts, ...(found.length === mostRetried && { cursor: String(cursor + failed) }) }
    }),
  },
}

const none = new Uint8Array()

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without what is undefined. */
const defined = <T extends object>(given: T): Defined<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
