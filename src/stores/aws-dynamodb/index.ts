import { hash } from 'node:crypto'
import type { DynamoDB } from '@aws-sdk/client-dynamodb'
import type { Store } from '../../core/contracts/index.ts'
import { alertsAfter, countAlerts, findAlert, listAlerts } from './alerts.ts'
import { claim } from './claim.ts'
import { closeWindows } from './close.ts'
import { commit } from './commit.ts'
import { counts } from './counters.ts'
import type { Blobs, Db, Kept } from './db.ts'
import { deadDeliveries, due } from './deliveries.ts'
import { raiseDigests } from './digests.ts'
import { lastNumber } from './log.ts'
import { overviewOfNewest } from './overview.ts'
import { quarantineStore } from './quarantine.ts'
import { settle } from './settle.ts'
import { stateStore } from './state.ts'
import { overview, sizes } from './stats.ts'
import { sweep } from './sweep.ts'
import { openTable } from './table.ts'

export type { Blobs, Kept } from './db.ts'

export interface DynamoOptions {
  /** With tries of its own. */
  readonly client: DynamoDB
  /** Name of the table: of one cluster, so that windows of two never meet. */
  readonly table: string
  /** Begins the names of its blobs: `large/<cluster>/…`, `quarantine/<cluster>/…`. */
  readonly cluster: string
  readonly blobs: Blobs
  readonly kept: Kept
}

/** Everything the engine keeps, in one DynamoDB table; docs/decisions/0014-dynamodb-layout.md. */
export function openDynamoStore({ client, table, ...rest }: DynamoOptions): Store {
  return { ...storeOn({ ...rest, table: openTable(client, table) }), close: async () => client.destroy() }
}

/** The store on a table, whatever is behind it. */
export function storeOn({
  table,
  cluster,
  blobs,
  kept,
}: Omit<DynamoOptions, 'client' | 'table'> & Pick<Db, 'table'>): Store {
  const db: Db = {
    ...{ table, blobs, kept, hash: (text) => hash('sha256', text) },
    folders: { large: `large/${cluster}/`, quarantine: `quarantine/${cluster}/` },
  }
  return {
    commit: (given) => commit(db, given),
    closeWindows: (options) => closeWindows(db, options),
    raiseDigests: (options) => raiseDigests(db, options),
    claim: (wish) => claim(db, wish),
    settle: (settlements, now) => settle(db, settlements, now),
    due: () => due(db),
    alerts: (query) => listAlerts(db, query),
    countAlerts: (query) => countAlerts(db, query),
    alert: (id) => findAlert(db, id),
    deadDeliveries: (query) => deadDeliveries(db, query),
    alertsAfter: (after, limit) => alertsAfter(db, after, limit),
    lastAlert: () => lastNumber(db),
    ...quarantineStore(db),
    ...stateStore(db),
    counts: (metric) => counts(db, metric),
    sizes: () => sizes(db),
    overview: (options) => (options?.newest === undefined ? overview(db) : overviewOfNewest(db, options.newest)),
    sweep: (retention, now) => sweep(db, retention, now),
    async close() {},
  }
}
