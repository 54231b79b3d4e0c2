import type { FileHandle } from 'node:fs/promises'
import { CodedError, messageOf } from '../../core/errors.ts'
import { encodeBlock, type KeyRecord } from './block.ts'
import { draftsOf } from './drafts.ts'
import type { Appended, SpoolEntry, SpoolOptions } from './options.ts'
import { createSegment, sequenceOf } from './segments.ts'
import type { Shelf } from './shelf.ts'

/** Writes in groups: whatever comes while the disk is busy shares the next write and its sync. */
export interface Writer {
  /** Resolves when the entries are durable. Throws SOURCE_FAILED when the disk does not take them. */
  write(entries: readonly SpoolEntry[], key?: KeyRecord): Promise<Exclude<Appended, 'repeated'>>
  /** Makes room for so many bytes, as far as the policy allows. False when there is none. */
  makeRoom(bytes: number): Promise<boolean>
  /** Writes what waits; nothing more may be written. */
  close(): Promise<void>
}

interface Waiting {
  readonly entries: readonly SpoolEntry[]
  readonly key: KeyRecord | undefined
  readonly bytes: number
  resolve(outcome: 'stored' | 'full'): void
  reject(error: unknown): void
}

/** A group is written once it has so many bytes, or appends. */
const groupBytes = 4_194_304
const groupAppends = 10_000
/** What a block and an append take beside their bytes, about. */
const overhead = 256

/** `stored`: told of each write that became durable. */
export function createWriter(
  options: SpoolOptions,
  shelf: Shelf,
  stored: (keys: readonly KeyRecord[]) => void,
): Writer {
  const { dir, source, maxBytes, policy, now } = options
  const segmentBytes = options.segmentBytes ?? Math.min(16_777_216, Math.ceil(maxBytes / 8))
  let sequence = [...shelf.segments].reduce((last, segment) => Math.max(last, sequenceOf(segment)), 0)
  let handle: FileHandle | undefined
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let freeing: Promise<boolean> | undefined
  let flushing: Promise<void> | undefined

  const fits = (bytes: number) => shelf.bytes() + waitingBytes + bytes <= maxBytes

  /** One segment goes at a time, whoever asks: as many as are needed, and no more. */
  async function makeRoom(bytes: number): Promise<boolean> {
    while (!fits(bytes)) {
      freeing ??= freeOne().finally(() => {
        freeing = undefined
      })
      if (!(await freeing)) return false
    }
    return true
  }

  const freeOne = async () =>
    (await shelf.release()) || (policy === 'drop-oldest' && (await shelf.dropOldest('there was no room')))

  async function seal(): Promise<void> {
    shelf.active = undefined
    await handle?.close()
    handle = undefined
  }

  async function put(group: readonly Waiting[]): Promise<void> {
    if (!shelf.active || !handle) {
      const created = await createSegment(dir, ++sequence)
      handle = created.handle
      shelf.active = created.segment
      shelf.add(created.segment)
    }
    const segment = shelf.active
    const keys = group.flatMap(({ key }) => (key ? [key] : []))
    const receivedAt = now()
    const pieces = encodeBlock(segment.marker, receivedAt, keys, draftsOf(group.flatMap(({ entries }) => entries)))
    const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
    try {
      await writeAll(handle, pieces, segment.size)
      await handle.datasync()
    } catch (error) {
      // What was written of it must not stand before the next block.
      await handle.truncate(segment.size).catch(() => seal())
      throw error
    }
    segment.size += length
    segment.newestAt = receivedAt
    segment.hasKeys ||= keys.length > 0
    if (segment.size >= segmentBytes) await seal()
    stored(keys)
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup()
      try {
        await put(group)
        for (const one of group) one.resolve('stored')
      } catch (error) {
        const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
        const message = `${source}: the spool cannot be written: ${messageOf(error)}`
        options.log({ level: 'error', code: 'SOURCE_FAILED', message })
        for (const one of group) {
          if (full) one.resolve('full')
          else one.reject(new CodedError('SOURCE_FAILED', message, { retry: 'later', cause: error }))
        }
      }
    }
    flushing = undefined
  }

  function takeGroup(): readonly Waiting[] {
    let bytes = 0
    let length = 0
    while (length < waiting.length && length < groupAppends && bytes < groupBytes) bytes += waiting[length++]!.bytes
    const group = waiting.slice(0, length)
    waiting = waiting.slice(length)
    for (const one of group) waitingBytes -= one.bytes
    return group
  }

  return {
    makeRoom,
    async write(entries, key) {
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes.byteLength, overhead)
      while (!fits(bytes)) if (!(await makeRoom(bytes))) return 'full'
      return new Promise((resolve, reject) => {
        waiting.push({ entries, key, bytes, resolve, reject })
        waitingBytes += bytes
        flushing ??= flush()
      })
    },
    async close() {
      await flushing
      await seal()
    },
  }
}

async function writeAll(handle: FileHandle, pieces: readonly Uint8Array[], at: number): Promise<void> {
  const wanted = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  const { bytesWritten } = await handle.writev(pieces as Uint8Array[], at)
  if (bytesWritten < wanted) {
    // A short write means that there is no room, or a limit; the rest is tried once, for the error that says which.
    const rest = Buffer.concat(pieces).subarray(bytesWritten)
    const second = await handle.write(rest, 0, rest.length, at + bytesWritten)
    if (second.bytesWritten < rest.length) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
  }
}
