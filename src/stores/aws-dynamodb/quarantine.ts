import type { QuarantineEntry, QuarantineStore } from '../../core/contracts/index.ts'
import { groupEntries, isAskedFor } from '../memory/quarantine.ts'
import { addCounts } from './counters.ts'
import { type Db, expires } from './db.ts'
import { dueAt, entryKey, entryPrefix, shardOf, shardsOf } from './layout.ts'
import { listOf, type Item, keyOf, sideBySide, textOf } from './table.ts'

/** Bytes of an entry that lie beside it; more lie in the blob store. */
const mostBytes = 4_096

/** Keeps entries that are not there yet. */
export async function keepEntries(db: Db, entries: readonly QuarantineEntry[], now: number): Promise<void> {
  const unique = [...new Map(entries.map((entry) => [entry.id, entry])).values()]
  const known = await db.table.getAll(unique.map(({ id }) => entryKey(id)))
  const fresh = unique.filter(({ id }) => !known.has(textOf(entryKey(id))))
  const items = await sideBySide([...fresh.entries()], async ([nth, { raw, ...rest }]) => ({
    ...entryKey(rest.id),
    ...{ lane: shardOf('quarantine', rest.id), due: dueAt(now, nth), at: now, entry: JSON.stringify(rest) },
    ...(await keptBytes(db, rest.id, raw)),
    ...expires(now, db.kept.quarantineMs),
  }))
  await db.table.putAll(items)
}

async function keptBytes(db: Db, id: string, raw: Uint8Array): Promise<Item> {
  if (raw.byteLength <= mostBytes) return { raw }
  const key = `${db.folders.quarantine}${id}`
  await db.blobs.put(key, raw)
  return { rawAt: key }
}

async function entryOf(db: Db, item: Item): Promise<QuarantineEntry> {
  const { raw, rawAt } = item
  const rest = JSON.parse(String(item['entry'])) as Omit<QuarantineEntry, 'raw'>
  return { ...rest, raw: raw instanceof Uint8Array ? raw : await db.blobs.get(String(rawAt)) }
}

/** All entries, the newest first; without their bytes, where nobody asks for them. */
async function newestFirst(db: Db): Promise<Item[]> {
  const lanes = await sideBySide(shardsOf('quarantine'), (lane) => listOf(db.table.query({ lane, descending: true })))
  return lanes.flat().toSorted((one, other) => byDue(other, one))
}

/** By time, then by the number within it: both have as many digits. */
const byDue = (one: Item, other: Item) => (paddedDue(one) < paddedDue(other) ? -1 : 1)
const paddedDue = ({ due }: Item) => {
  const [time = '', nth = ''] = String(due).split('.')
  return `${time.padStart(16, '0')}.${nth.padEnd(6, '0')}`
}

const light = (item: Item) => ({ ...(JSON.parse(String(item['entry'])) as QuarantineEntry), item })

export const quarantineStore = (db: Db): QuarantineStore => ({
  async quarantine(query) {
    const { id } = query
    if (id !== undefined && id.length < 4) return []
    const items = id === undefined ? await newestFirst(db) : await listOf(db.table.query(entryPrefix(id)))
    const found = items.map(light).filter(isAskedFor(query)).slice(0, query.limit)
    return sideBySide(found, ({ item }) => entryOf(db, item))
  },
  async quarantineGroups() {
    const groups = groupEntries((await newestFirst(db)).toReversed().map(light))
    return sideBySide(groups, async (group) => {
      return { ...group, sample: await entryOf(db, (group.sample as ReturnType<typeof light>).item) }
    })
  },
  async release(ids) {
    const items = [...(await db.table.getAll(ids.map(entryKey))).values()]
    await db.table.removeAll(items.map(keyOf))
    for (const item of items) {
      const { kind, reason } = light(item)
      await addCounts(db, [{ metric: 'retried', labels: { kind, reason }, n: 1 }], Number(item['at']))
    }
  },
})
