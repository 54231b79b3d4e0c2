import { hash } from 'node:crypto'
import { truncate } from 'node:fs/promises'
import type { Batch, ReadOptions } from '../../core/contracts/index.ts'
import { createBell } from '../../core/bell.ts'
import type { KeyRecord } from './block.ts'
import { keepAside } from './damage.ts'
import { openKeys } from './keys.ts'
import type { AppendOptions, Appended, SpoolEntry, SpoolOptions } from './options.ts'
import { readSpool } from './reader.ts'
import { listSegments, makeFolder, remove, type Segment } from './segments.ts'
import { createShelf, survey } from './shelf.ts'
import { stateOf } from './state.ts'
import { createWriter } from './writer.ts'

export type { AppendOptions, Appended, SpoolEntry, SpoolOptions } from './options.ts'

/**
 * A durable queue on disk, for sources that cannot ask again: what was appended survives `kill -9`, and is delivered until
 * the engine has stored its results.
 */
export interface Spool {
  /**
   * Resolves once all entries are durable, or none: `full` and `repeated` keep nothing. Appends at the same time share a
   * sync, so many small ones at once are cheap, and one after another costs a sync each. Throws SOURCE_FAILED.
   */
  append(entries: readonly SpoolEntry[], options?: AppendOptions): Promise<Appended>
  /** Resolves when an append of so many bytes finds room, or when `signal` aborts. For senders that can be kept waiting. */
  whenRoom(signal: AbortSignal, bytes?: number): Promise<void>
  /** As `PullSource.read`; to be called once. With `once` it ends when all that was appended is settled. */
  read(options: ReadOptions): AsyncIterable<Batch>
  /** Nothing more will be appended: reading ends when all is settled. */
  end(): void
  /** Bytes on disk that are not yet settled. */
  lag(): { readonly bytes: number }
  /** Waits for appends under way. Batches may still be settled afterwards. */
  close(): Promise<void>
}

/** Opens a spool, making its folder. What is torn at the end of its last write is cut off. One process at a time. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { dir, now, count } = options
  await makeFolder(dir)
  const keys = await openKeys(dir, now())
  const shelf = createShelf(options, keys)
  const bell = createBell()
  const room = createBell()
  /** Appends with a key that are under way: one that comes again meanwhile waits for the first. */
  const underWay = new Map<string, Promise<Appended>>()
  let ended = false

  const segments = await listSegments(dir)
  const done = await stateOf(options).load()
  for (const [n, segment] of segments.entries()) {
    const found = await survey(segment, 0)
    if (n === segments.length - 1) await repair(options, segment, found.soundTo)
    keys.add(found.keys, now())
    segment.hasKeys = found.keys.length > 0
    segment.newestAt = found.newestAt || segment.newestAt
    const { to = 0, finishedAt } = done.get(segment.name) ?? {}
    if (segment.size === 0) await remove(segment.path)
    else if (finishedAt !== undefined && to >= segment.size) shelf.restore(segment, finishedAt)
    else shelf.add(segment)
  }
  for (const name of done.keys()) {
    if (!segments.some((segment) => segment.name === name)) await stateOf(options).forget(name)
  }

  const writer = createWriter(options, shelf, (stored) => {
    keys.add(stored, now())
    bell.ring()
  })

  async function appendKeyed(entries: readonly SpoolEntry[], key: KeyRecord): Promise<Appended> {
    const repeated = () => {
      count('repeated', recordsOf(entries))
      return 'repeated' as const
    }
    const [name] = key
    if (keys.has(name, now())) return repeated()
    const first = underWay.get(name)
    if (first) return (await first) === 'full' ? 'full' : repeated()
    const append = writer.write(entries, key).finally(() => underWay.delete(name))
    underWay.set(name, append)
    return append
  }

  const unsettled = () => [...shelf.segments].reduce((sum, { size, settledTo }) => sum + size - settledTo, 0)

  return {
    async append(entries, { key, keyMs = 0 } = {}) {
      if (entries.every(({ bytes }) => bytes.byteLength === 0)) return 'stored'
      if (key === undefined) return writer.write(entries)
      return appendKeyed(entries, [hash('sha256', key, 'base64url').slice(0, 22), now() + keyMs])
    },
    async whenRoom(signal, bytes = 65_536) {
      while (!signal.aborted && !(await writer.makeRoom(bytes))) await room.wait(signal, 1_000)
    },
    read: (reading) => readSpool({ options, shelf, done, bell, ended: () => ended, freed: () => room.ring() }, reading),
    end() {
      ended = true
      bell.ring()
    },
    lag: () => ({ bytes: unsettled() }),
    async close() {
      await writer.close()
      for (const segment of shelf.segments) {
        if (!segment.busy && segment.settledTo >= segment.size) await shelf.finish(segment)
      }
    },
  }
}

const recordsOf = (entries: readonly SpoolEntry[]) => entries.reduce((sum, { records = 1 }) => sum + records, 0)

/** Cuts off what stands behind the last sound block: most likely a write that a crash cut short, never acknowledged. */
async function repair(options: SpoolOptions, segment: Segment, soundTo: number): Promise<void> {
  const torn = segment.size - soundTo
  if (torn === 0) return
  await keepAside(options, segment, { from: soundTo, to: segment.size, records: 1 })
  await truncate(segment.path, soundTo)
  segment.size = soundTo
  options.log({
    level: 'warn',
    code: 'SPOOL_REPAIRED',
    message: `${options.source}: ${torn} bytes that were not written to their end were cut off the spool.`,
  })
}
