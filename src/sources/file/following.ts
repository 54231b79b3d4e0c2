import type { FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { hashOf, proofOf, readInto, readUpTo, type Stat, statOf, type Take } from './content.ts'
import { checkpointOf, earlierMarks, type Entry } from './entry.ts'
import type { Lease } from './lease.ts'
import type { Tracked } from './tracker.ts'

/** A delivery goes on while something comes at least this often, milliseconds. */
const quietMs = 20
/** And no longer than this, so that the file is recognised anew now and then. Milliseconds. */
const longestMs = 60_000
/** Between two looks: what is written meanwhile is taken together. Milliseconds. */
const pauseMs = 2
/** What is read at once, at most: as much as travels to a worker as it is, so that all workers have a part in what waits. Bytes. */
const stretchBytes = 262_144
/** Where more waits than this, the delivery ends: what is far behind is read in longer stretches, into memory that is used again. Bytes. */
const mostBytes = 16_777_216

export interface Growing {
  readonly file: Tracked
  readonly host: SourceHost
  readonly lease: Lease
  readonly firstLine: string
  /** False once the file must wait for others, or nobody reads any more. */
  mayGoOn(): boolean
}

/**
 * The delivery of a plain file with what is appended while it is read, stretch by stretch: the next one is read while the one before
 * is evaluated. Such a stretch is not noted in the state before: its checkpoint would be that of the stretch before, which is not
 * yet durable. It is noted with its own first checkpoint; until then nothing of it is stored.
 */
export function following(delivery: Delivery, growing: Growing): Delivery {
  const { file, host } = growing
  const until = performance.now() + longestMs
  const withNext = (one: Delivery, behind: boolean): Delivery => ({
    ...one,
    async next(take) {
      const stretch = await awaitGrowth(growing, { until, behind, take })
      if (!stretch) return undefined
      const { noted, stat, more } = stretch
      // As if it had been looked at: hints wait until the file is no longer busy.
      Object.assign(file, { entry: noted, stat, changedAt: host.now() })
      return withNext(deliveryOf(one, growing, stretch), more)
    },
  })
  return withNext(delivery, true)
}

interface Wait {
  /** Of `performance.now()`. */
  readonly until: number
  /** Something may wait already: the first look is at once. */
  readonly behind: boolean
  readonly take: Take | undefined
}

/** What comes in time; undefined when nothing does, or the file is not what it was. */
async function awaitGrowth(
  { file, host, lease, mayGoOn }: Growing,
  { until, behind, take }: Wait,
): Promise<Stretch | undefined> {
  const quiet = Math.min(until, performance.now() + quietMs)
  for (let pauses = !behind; performance.now() < quiet; pauses = true) {
    if (pauses) await setTimeout(pauseMs)
    if (!mayGoOn()) return undefined
    const found = await lease.use((handle) => grown(handle, file.entry!, host.now(), take))
    if (found !== 'nothing') return found
  }
  return undefined
}

interface Stretch {
  /** The entry with its range. */
  readonly noted: Entry
  readonly bytes: Uint8Array
  readonly stat: Stat
  /** More was there already. */
  readonly more: boolean
}

/**
 * Whole lines behind the mark; undefined where the bytes that end there are not what they were, and where there is too much, or a
 * line too long. Reads once, as each read waits for a thread.
 */
async function grown(
  handle: FileHandle,
  before: Entry,
  now: number,
  take: Take = Buffer.allocUnsafeSlow,
): Promise<Stretch | 'nothing' | undefined> {
  const { at: from, bytes: overlap, hash } = before.mark!
  const stat = statOf(await handle.stat({ bigint: true }))
  if (stat?.size === from) return 'nothing'
  if (!stat || stat.size < from || stat.size - from > mostBytes) return undefined
  const there = overlap + stat.size - from
  const more = there > stretchBytes
  const read = await readInto(handle, from - overlap, take(Math.min(there, stretchBytes)))
  const bytes = read.subarray(overlap, read.lastIndexOf(10) + 1)
  if (hashOf(read.subarray(0, overlap)) !== hash) return undefined
  if (bytes.length === 0) return more ? undefined : 'nothing'
  const to = from + bytes.length
  const mark = proofOf(read.subarray(0, overlap + bytes.length), to)
  const range = { from, to, at: now }
  const earlier = earlierMarks(before, to)
  const noted = { ...before, offset: from, mark, earlier, range, complete: false, mtime: stat.mtime }
  return { noted, bytes, stat, more }
}

function deliveryOf({ id, source, origin }: Delivery, { firstLine, lease }: Growing, stretch: Stretch): Delivery {
  const { noted } = stretch
  const { from, at } = noted.range!
  let bytes: Uint8Array | undefined = stretch.bytes
  return {
    ...{ id, source, origin, firstLine },
    receivedAt: at,
    offset: from,
    size: bytes.length,
    async *body(take) {
      const first = bytes
      bytes = undefined
      if (first) yield first
      else yield* lease.read((handle) => readUpTo(handle, from, noted.mark!, take))
    },
    checkpoint: (done, complete) => checkpointOf(source, noted, done, complete),
  }
}
