import type { StateEntry, StateStore } from '../../core/contracts/index.ts'
import type { Db } from './db.ts'
import { stateKey } from './layout.ts'
import { listOf } from './table.ts'

/** Writes entries, the last of each key. */
export const writeState = (db: Db, entries: readonly StateEntry[]): Promise<void> =>
  db.table.putAll(entries.map(({ key, value }) => ({ ...stateKey(key), value })))

export const stateStore = (db: Db): StateStore => ({
  async get(key) {
    const item = await db.table.get(stateKey(key))
    return item && String(item['value'])
  },
  async set(key, value, condition) {
    const expected = condition && { value: condition.ifEquals }
    return (await db.table.update(stateKey(key), { set: { value } }, expected)) !== undefined
  },
  async list(prefix) {
    const { pk, sk } = stateKey(prefix)
    const items = await listOf(db.table.query({ pk, prefix: sk }))
    return items
      .map((item) => ({ key: String(item['sk']).slice(stateKey('').sk.length), value: String(item['value']) }))
      .toSorted((one, other) => (one.key < other.key ? -1 : 1))
  },
  delete: (keys) => db.table.removeAll([...new Set(keys)].map(stateKey)),
})
