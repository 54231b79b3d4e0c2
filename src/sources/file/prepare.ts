import type { FileHandle } from 'node:fs/promises'
import type { SourceHost } from '../../core/component.ts'
import type { Decoder, Delivery } from '../../core/contracts/index.ts'
import { parseJson } from '../../core/json.ts'
import { cut, lastCut, sniff } from '../../core/split/index.ts'
import {
  type Take,
  contentOf,
  decodedFrom,
  firstLineOf,
  hashOf,
  headBytes,
  openFile,
  proofAt,
  readAt,
  readUpTo,
  statOf,
} from './content.ts'
import { earlierMarks, type Entry, keyOf, type Proof, writeEntry } from './entry.ts'
import { isSame } from './identity.ts'
import { createLease, type Lease } from './lease.ts'
import type { Tracked } from './tracker.ts'

/** A delivery and the open file behind it. */
export interface Prepared {
  readonly delivery: Delivery
  /** Stored bytes that it covers. */
  readonly bytes: number
  readonly lease: Lease
}

/** Looking back for the end of a line goes no further than this: a longer line is delivered in parts. */
const longestLine = 16_777_216

/**
 * Makes the delivery of what is unread of a file, and notes it in the state, so that after a crash the same stretch
 * comes again under the same id and `receivedAt`. `changed`: it is not the file it was. `nothing`: only part of a line.
 */
export async function prepare(file: Tracked, host: SourceHost): Promise<Prepared | 'changed' | 'nothing'> {
  const handle = await openFile(file.path)
  let kept = false
  try {
    const stat = statOf(await handle.stat({ bigint: true }))
    const entry = file.entry!
    if (stat?.hint !== entry.hint) return 'changed'
    file.stat = stat
    const to = await endOf(handle, stat.size, entry, file.settled)
    if (to === undefined) return 'nothing'
    const mark = await proofAt(handle, to)
    // Only now, so that the mark is of the file that is meant. Of a new compressed file nothing could be compared yet.
    const isNew = entry.mark === undefined
    const content = isNew && entry.compressed ? undefined : await contentOf(handle, stat.size, host.decoders)
    if (content && (content.decoder !== undefined) !== entry.compressed) return 'changed'
    if (content && !(await isSame(content, entry))) return 'changed'

    const { offset } = entry
    const known = entry.range?.to === to ? entry.range : undefined
    const range = known ?? { from: offset, to, at: host.now() }
    const head = content
      ? { at: content.line.length, bytes: content.line.length, hash: hashOf(content.line) }
      : entry.head
    const noted = { ...entry, head, mark, earlier: earlierMarks(entry, to), range, complete: false, mtime: stat.mtime }
    if (!known) await host.state.set(keyOf(host.name, entry.origin), writeEntry(noted))
    file.entry = noted

    const lease = createLease(handle, file.path, entry.hint)
    kept = true
    const delivery: Delivery = {
      id: `${entry.origin}@${range.from}`,
      source: host.name,
      receivedAt: range.at,
      ...{ origin: entry.origin, offset },
      ...(content && offset > 0 && { firstLine: await firstLineOf(content, offset) }),
      ...((!entry.compressed || offset === 0) && { size: to - offset }),
      body: (take) => lease.read((opened) => bodyOf(opened, content?.decoder, offset, mark, take)),
      checkpoint: (done, complete) => ({
        key: keyOf(host.name, entry.origin),
        value: writeEntry({ ...noted, offset: done, complete, ...(complete && { range: undefined }) }),
      }),
    }
    return { delivery, bytes: to - (entry.compressed ? 0 : offset), lease }
  } finally {
    if (!kept) await handle.close()
  }
}

/** Stored bytes up to the mark; decompressed ones when the beginning of a compressed file is done. */
function bodyOf(
  handle: FileHandle,
  decoder: Decoder | undefined,
  offset: number,
  mark: Proof,
  take: Take | undefined,
): AsyncIterable<Uint8Array> {
  return decoder && offset > 0 ? decodedFrom(handle, mark.at, decoder, offset) : readUpTo(handle, offset, mark, take)
}

/** The stored byte at which a delivery ends; undefined when there is not yet a complete record. */
async function endOf(handle: FileHandle, size: number, { range, offset, compressed }: Entry, settled: boolean) {
  // A compressed file is read when its writer has finished.
  if (compressed) return settled ? size : undefined
  // What was once begun is given again in the same length.
  if (range && range.to > offset && range.to <= size) return range.to
  if (size <= offset) return undefined
  if (settled) return size
  if (await isJsonOverLines(handle)) return endOfValues(handle, offset, size)
  const step = 65_536
  const least = Math.max(offset, size - longestLine)
  for (let end = size; end > least; end -= step) {
    const start = Math.max(least, end - step)
    const newline = (await readAt(handle, start, end - start)).lastIndexOf(10)
    if (newline >= 0) return start + newline + 1
  }
  return least > offset ? size : undefined
}

/** True when a JSON value begins on the first line and does not end there. */
async function isJsonOverLines(handle: FileHandle): Promise<boolean> {
  const head = await readAt(handle, 0, headBytes)
  const end = head.indexOf(10)
  if (end < 0 || sniff(head, new Set(['lines', 'json'])) !== 'json') return false
  return !('value' in parseJson(head.toString('utf8', 0, end)))
}

/** Where the last value ends that is complete; undefined when none is. `offset`: where a value begins. */
async function endOfValues(handle: FileHandle, offset: number, size: number): Promise<number | undefined> {
  const isAll = size - offset <= longestLine
  const start = isAll ? offset : size - longestLine
  const bytes = await readAt(handle, start, size - start)
  const end = isAll ? cut(bytes, 'json') : lastCut(bytes, 'json')
  return end > 0 ? start + end : isAll ? undefined : size
}
