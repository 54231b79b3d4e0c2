import type { FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { hashOf, proofOf, readAt, statOf } from './content.ts'
import { checkpointOf, earlierMarks, type Entry } from './entry.ts'
import type { Lease } from './lease.ts'
import type { Tracked } from './tracker.ts'

/** A delivery goes on while something comes at least this often, milliseconds. */
const quietMs = 20
/** And no longer than this, so that the file is recognised anew now and then. Milliseconds. */
const longestMs = 10_000
/** Between two looks: what is written meanwhile is taken together. Milliseconds. */
const pauseMs = 2
/** Where more waits than this, the delivery ends: what is far behind is read in longer stretches, into memory that is used again. Bytes. */
const mostBytes = 2_097_152

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
  const until = performance.now() + longestMs
  const withNext = (one: Delivery): Delivery => ({
    ...one,
    async next() {
      const stretch = await awaitGrowth(growing, until)
      if (!stretch) return undefined
      growing.file.entry = stretch.noted
      return withNext(deliveryOf(one, growing.firstLine, stretch))
    },
  })
  return withNext(delivery)
}

/** What comes in time; undefined when nothing does, or the file is not what it was. */
async function awaitGrowth({ file, host, lease, mayGoOn }: Growing, until: number): Promise<Stretch | undefined> {
  const quiet = Math.min(until, performance.now() + quietMs)
  while (performance.now() < quiet) {
    await setTimeout(pauseMs)
    if (!mayGoOn()) return undefined
    const found = await lease.use((handle) => grown(handle, file.entry!, host.now()))
    if (found !== 'nothing') return found
  }
  return undefined
}

interface Stretch {
  /** The entry with its range. */
  readonly noted: Entry
  readonly bytes: Uint8Array
}

/**
 * Whole lines behind the mark; undefined where the bytes that end there are not what they were, and where there is too much. Reads once,
 * as each read waits for a thread.
 */
async function grown(handle: FileHandle, before: Entry, now: number): Promise<Stretch | 'nothing' | undefined> {
  const { at: from, bytes: overlap, hash } = before.mark!
  const stat = statOf(await handle.stat({ bigint: true }))
  if (stat?.size === from) return 'nothing'
  if (!stat || stat.size < from || stat.size - from > mostBytes) return undefined
  const read = await readAt(handle, from - overlap, overlap + stat.size - from)
  const bytes = read.subarray(overlap, read.lastIndexOf(10) + 1)
  if (hashOf(read.subarray(0, overlap)) !== hash) return undefined
  if (bytes.length === 0) return 'nothing'
  const to = from + bytes.length
  const mark = proofOf(read.subarray(0, overlap + bytes.length), to)
  const range = { from, to, at: now }
  const earlier = earlierMarks(before, to)
  return { noted: { ...before, offset: from, mark, earlier, range, complete: false, mtime: stat.mtime }, bytes }
}

function deliveryOf({ id, source, origin }: Delivery, firstLine: string, { noted, bytes }: Stretch): Delivery {
  const { from, at } = noted.range!
  return {
    ...{ id, source, origin, firstLine },
    receivedAt: at,
    offset: from,
    size: bytes.length,
    async *body() {
      yield bytes
    },
    checkpoint: (done, complete) => checkpointOf(source, noted, done, complete),
  }
}
