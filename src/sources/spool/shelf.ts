import { open } from 'node:fs/promises'
import type { KeyRecord } from './block.ts'
import type { Keys } from './keys.ts'
import type { SpoolOptions } from './options.ts'
import { remove, type Segment } from './segments.ts'
import { isDamage, walk } from './walk.ts'
import { openWindow } from './window.ts'
import { stateOf } from './state.ts'

/** The segments there are, within their bounds. */
export interface Shelf {
  /** The oldest first; the one that is written to is the last. */
  readonly segments: ReadonlySet<Segment>
  /** The one that is written to. */
  active: Segment | undefined
  bytes(): number
  add(segment: Segment): void
  /** Takes a segment that is settled away, at once or when it has been kept for long enough. */
  finish(segment: Segment): Promise<void>
  /** Takes over a segment that was settled at a time, epoch milliseconds. */
  restore(segment: Segment, finishedAt: number): void
  /** Removes the oldest settled segment that is kept. False when there is none. */
  release(): Promise<boolean>
  /** Gives up the oldest segment that is not with the engine. False when there is none. */
  dropOldest(why: string): Promise<boolean>
  /** Gives up what is older than the limit, and removes what was kept for long enough. */
  sweep(): Promise<void>
}

export function createShelf(options: SpoolOptions, keys: Keys): Shelf {
  const { now, log, count, maxAgeMs } = options
  const { keepSettledMs = 60_000 } = options
  const segments = new Set<Segment>()
  /** Settled segments that are kept, and since when: the oldest first. */
  const settled = new Map<Segment, number>()

  /** Its keys stay known; only then does the file go, and its checkpoints last: they are of no use without it. */
  async function erase(segment: Segment): Promise<void> {
    segments.delete(segment)
    settled.delete(segment)
    if (segment.hasKeys) await keys.keep(segment.name, (await survey(segment, 0)).keys, now())
    await remove(segment.path)
    await stateOf(options).forget(segment.name)
  }

  async function drop(segment: Segment, why: string): Promise<void> {
    if (shelf.active === segment) shelf.active = undefined
    segment.busy = true
    const { records } = await survey(segment, segment.settledTo)
    await erase(segment)
    if (records === 0) return
    count('dropped', records)
    const message = `${options.source}: ${records} records in the spool were given up, since ${why}.`
    log({ level: 'error', code: 'SPOOL_DROPPED', message })
  }

  const shelf: Shelf = {
    segments,
    active: undefined,
    bytes() {
      let sum = 0
      for (const { size } of segments) sum += size
      for (const { size } of settled.keys()) sum += size
      return sum
    },
    add: (segment) => void segments.add(segment),
    async finish(segment) {
      if (keepSettledMs === 0) return erase(segment)
      segments.delete(segment)
      settled.set(segment, now())
      await stateOf(options).finish(segment.name, segment.size, now())
    },
    restore: (segment, finishedAt) => void settled.set(segment, finishedAt),
    async release() {
      const [oldest] = settled.keys()
      if (oldest) await erase(oldest)
      return oldest !== undefined
    },
    async dropOldest(why) {
      const oldest = [...segments].find(({ busy, size }) => !busy && size > 0)
      if (oldest) await drop(oldest, why)
      return oldest !== undefined
    },
    async sweep() {
      const limit = now() - maxAgeMs
      for (const segment of segments) {
        if (!segment.busy && segment.size > 0 && segment.newestAt < limit) await drop(segment, 'they were too old')
      }
      for (const [segment, at] of settled) if (at + keepSettledMs <= now()) await erase(segment)
      await keys.sweep(now())
    },
  }
  return shelf
}

/** What a segment holds from an offset on. */
export async function survey(segment: Segment, from: number) {
  const keys: KeyRecord[] = []
  let records = 0
  let newestAt = 0
  /** Where the last sound block ends. */
  let soundTo = from
  const handle = await open(segment.path, 'r')
  try {
    const window = openWindow(handle, segment.size, 65_536)
    for await (const found of walk(window, segment.marker, from, segment.size)) {
      if (isDamage(found)) continue
      keys.push(...found.keys)
      for (const section of found.sections) records += section.records
      newestAt = Math.max(newestAt, found.receivedAt)
      soundTo = found.end
    }
  } finally {
    await handle.close()
  }
  return { keys, records, newestAt, soundTo }
}
