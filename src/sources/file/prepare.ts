import type { FileHandle } from 'node:fs/promises'
import type { SourceHost } from '../../core/component.ts'
import type { Decoder, Delivery } from '../../core/contracts/index.ts'
import {
  type Take,
  contentOf,
  decodedFrom,
  firstLineOf,
  hashOf,
  openFile,
  plainFirstLine,
  proofAt,
  readUpTo,
  statOf,
} from './content.ts'
import { endOf } from './end.ts'
import { checkpointOf, earlierMarks, keyOf, type Proof, writeEntry } from './entry.ts'
import { following } from './following.ts'
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

/**
 * Makes the delivery of what is unread of a file, and notes it in the state, so that after a crash the same stretch
 * comes again under the same id and `receivedAt`. `changed`: it is not the file it was. `nothing`: only part of a line.
 * `mayGoOn`: whether the delivery may go on with what is appended while it is read; asked again for each stretch.
 */
export async function prepare(
  file: Tracked,
  host: SourceHost,
  mayGoOn: () => boolean,
): Promise<Prepared | 'changed' | 'nothing'> {
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
      checkpoint: (done, complete) => checkpointOf(host.name, noted, done, complete),
    }
    const firstLine = file.settled ? undefined : content && plainFirstLine(content)
    const growing = firstLine === undefined ? delivery : following(delivery, { file, host, lease, firstLine, mayGoOn })
    return { delivery: growing, bytes: to - (entry.compressed ? 0 : offset), lease }
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
