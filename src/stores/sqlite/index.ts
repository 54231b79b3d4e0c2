import { hash } from 'node:crypto'
import type { Store } from '../../core/contracts/index.ts'
import { alertsAfter, countAlerts, findAlert, lastAlert, queryAlerts } from './alerts.ts'
import { commit } from './commit.ts'
import { closingOnFailure, connect } from './connect.ts'
import { readCounts } from './counters.ts'
import { deadDeliveries } from './dead.ts'
import { claim, due, endLeases } from './deliveries.ts'
import { raiseDigests } from './digests.ts'
import { createEmission } from './emission.ts'
import { coded, storeError } from './errors.ts'
import { lockEngine } from './lock.ts'
import { groupEntries, queryEntries, releaseEntries } from './quarantine.ts'
import { settle } from './settle.ts'
import { overview, sizes } from './stats.ts'
import { deleteState, listState, readState, replaceState, writeState } from './state.ts'
import { sweep } from './sweep.ts'
import { closeSome, nextReady } from './windows.ts'

export interface SqliteOptions {
  /** Only looks; a file that is not there reads as an empty store. */
  readonly readOnly?: boolean
  /** Takes the place of the one engine of this file. Throws STORE_LOCKED when another process, or store, has it. */
  readonly engine?: boolean
  /** Epoch milliseconds, for what carries no time of its own. */
  readonly now?: () => number
}

/** Updates that one call of `closeWindows` brings forth, about. */
const updatesAtOnce = 1_000

/**
 * Opens the state of a project: one SQLite file, made if it is not there (docs/decisions/0004-state.md).
 * Throws STORE_FAILED when the file is damaged or cannot be written, STORE_NEWER, STORE_LOCKED.
 */
export function openSqliteStore(path: string, options: SqliteOptions = {}): Store {
  const { readOnly = false, engine = false, now = Date.now } = options
  const sha256 = (text: string) => hash('sha256', text)
  try {
    const db = connect(path, readOnly)
    const unlock = engine ? closingOnFailure(db, () => lockEngine(path, process.pid)) : () => {}
    if (engine) endLeases(db)
    const store: Store = {
      commit: async (given) => commit(db, sha256, given),
      async closeWindows(given) {
        const until = given.all ? Infinity : given.now - given.latenessMs
        const emission = createEmission(db, given.rates, given.now)
        let more = true
        while (more && emission.emitted.alerts.length < updatesAtOnce) {
          more = closeSome(db, sha256, until, given.now, emission)
          await new Promise(setImmediate)
        }
        const ready = nextReady(db)
        return {
          ...emission.emitted,
          ...(more && { more }),
          ...(ready !== undefined && { nextClose: ready + given.latenessMs }),
        }
      },
      raiseDigests: async (given) => raiseDigests(db, sha256, given),
      claim: async (given) => claim(db, given),
      settle: async (settlements, at) => settle(db, settlements, at),
      due: async () => due(db),
      alerts: async (query) => queryAlerts(db, query),
      countAlerts: async (query) => countAlerts(db, query),
      alert: async (id) => findAlert(db, id),
      deadDeliveries: async (query) => deadDeliveries(db, query),
      alertsAfter: async (after, limit) => alertsAfter(db, after, limit),
      lastAlert: async () => lastAlert(db),
      quarantine: async (query) => queryEntries(db, query),
      quarantineGroups: async () => groupEntries(db),
      release: async (ids) => releaseEntries(db, ids, now()),
      get: async (key) => readState(db, key),
      async set(key, value, condition) {
        if (condition) return replaceState(db, { key, value }, condition.ifEquals)
        writeState(db, { key, value })
        return true
      },
      list: async (prefix) => listState(db, prefix),
      delete: async (keys) => deleteState(db, keys),
      counts: async (metric) => readCounts(db, metric),
      sizes: async () => sizes(db),
      overview: async () => overview(db),
      sweep: async (retention, at) => sweep(db, retention, at),
      async close() {
        db.close()
        unlock()
      },
    }
    return coded(store, path)
  } catch (error) {
    throw storeError(error, path)
  }
}
