import type { QuarantineEntry, QuarantineQuery, QuarantineStore } from '../../core/contracts/index.ts'
import { groupEntries, isAskedFor } from '../memory/quarantine.ts'
import { isGone } from './bodies.ts'
import { addCounts } from './counters.ts'
import { type Db, expires } from './db.ts'
import { dueAt, entryKey, entryPrefix, shardOf, shardsOf } from './layout.ts'
import { type Item, keyOf, sideBySide, textOf } from './table.ts'

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

/** Undefined: the bucket has swept its bytes, as DynamoDB is about to sweep the entry. */
async function keptOf(db: Db, item: Item): Promise<QuarantineEntry | undefined> {
  try {
    return await entryOf(db, item)
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** All entries, the newest first; without their bytes, where nobody looks at them. They are read as they are taken. */
async function* newestFirst(db: Db, isLight: boolean): AsyncGenerator<Item> {
  const range = { descending: true, ...(isLight && { only: ['pk', 'sk', 'due', 'entry'] }) }
  const lanes = shardsOf('quarantine').map((lane) => db.table.query({ ...range, lane }))
  const heads = await Promise.all(lanes.map(async (lane) => ({ lane, next: await lane.next() })))
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true)
    if (open.length === 0) return
    const newest = open.reduce((one, other) =>
      byDue(one.next.value as Item, other.next.value as Item) < 0 ? other : one,
    )
    yield newest.next.value as Item
    newest.next = await newest.lane.next()
  }
}

/** By time, then by the number within it: both have as many digits. */
const byDue = (one: Item, other: Item) => (paddedDue(one) < paddedDue(other) ? -1 : 1)
const paddedDue = ({ due }: Item) => {
  const [time = '', nth = ''] = String(due).split('.')
  return `${time.padStart(16, '0')}.${nth.padEnd(6, '0')}`
}

/** An entry whose bytes were not read. */
type Entry = QuarantineEntry & { readonly item: Item }

const nothing = new Uint8Array()

/** The newest entries that are looked at to form groups: all that there are, unless a flood came in. */
const mostGrouped = 20_000

const light = (item: Item): Entry => ({ ...(JSON.parse(String(item['entry'])) as QuarantineEntry), item })

/** Items among which those asked for are. */
async function* itemsOf(db: Db, { id, ids, light: isLight }: QuarantineQuery): AsyncGenerator<Item> {
  if (ids) yield* (await db.table.getAll(ids.map(entryKey))).values()
  else if (id === undefined) yield* newestFirst(db, isLight === true)
  else yield* db.table.query(entryPrefix(id))
}

export const quarantineStore = (db: Db): QuarantineStore => ({
  async quarantine(query) {
    const { id, skip = 0, limit, light: isLight } = query
    if (id !== undefined && id.length < 4) return []
    const found: Entry[] = []
    let left = skip
    for await (const item of itemsOf(db, query)) {
      if (found.length >= limit) break
      const entry = light(item)
      if (isAskedFor(query)(entry) && left-- <= 0) found.push(entry)
    }
    const read = await sideBySide(found, async ({ item, ...entry }) =>
      isLight ? { ...entry, raw: nothing } : keptOf(db, item),
    )
    return read.filter((entry) => entry !== undefined)
  },
  async quarantineGroups({ light: isLight } = {}) {
    const all: Entry[] = []
    for await (const item of newestFirst(db, true)) {
      all.push(light(item))
      if (all.length >= mostGrouped) break
    }
    return sideBySide(groupEntries(all.toReversed()), async (group) => {
      const { item, ...sample } = group.sample as Entry
      if (isLight) return { ...group, sample: { ...sample, raw: nothing } }
      return { ...group, sample: await entryOf(db, (await db.table.get(keyOf(item))) ?? { ...item, raw: nothing }) }
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
