import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Decoder } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { headAfter, headOf } from '../../core/split/head.ts'
import type { Proof } from './entry.ts'

/** Bytes of the first line that its hash covers at most. */
export const headBytes = 4096
/** Bytes that a proof of position covers at most. */
const proofBytes = 256
const chunkBytes = 1_048_576
/** Decompressed to compressed: beyond it a file is taken for a bomb. */
const maxRatio = 500

export interface Stat {
  readonly size: number
  /** Epoch milliseconds. */
  readonly mtime: number
  /** Device, inode and birth: the same after a rename, and hardly ever the same for another file. Empty where there are none. */
  readonly hint: string
}

/** Undefined for what is no regular file. */
export function statOf(stats: BigIntStats): Stat | undefined {
  if (!stats.isFile()) return undefined
  const { dev, ino, birthtimeNs } = stats
  return {
    size: Number(stats.size),
    mtime: Number(stats.mtimeMs),
    hint: ino === 0n ? '' : `${dev}:${ino}:${birthtimeNs}`,
  }
}

/** Opens for reading. Does not wait where a pipe stands instead of a file. */
export const openFile = (path: string) => open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))

export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** Gives memory for so many bytes. */
export type Take = (bytes: number) => Uint8Array

/** Up to `length` bytes from `position`; fewer only at the end of the file. */
export const readAt = (handle: FileHandle, position: number, length: number): Promise<Buffer> =>
  readInto(handle, position, Buffer.allocUnsafeSlow(length))

/** As `readAt`, into memory that is there; answers the part of it that was filled. */
export async function readInto<T extends Uint8Array>(handle: FileHandle, position: number, buffer: T): Promise<T> {
  const { length } = buffer
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled === length ? buffer : (buffer.subarray(0, filled) as T)
}

/** The stored bytes from `from` to `to`. Throws SOURCE_CHANGED when the file has become shorter. */
export async function* readRange(
  handle: FileHandle,
  from: number,
  to: number,
  {
    size = chunkBytes,
    take = Buffer.allocUnsafeSlow,
  }: { readonly size?: number; readonly take?: Take | undefined } = {},
): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const chunk = await readInto(handle, at, take(Math.min(size, to - at)))
    if (chunk.length === 0) throw changed('became shorter')
    yield chunk
    at += chunk.length
  }
}

/** As `readRange`, up to where a proof was made. Throws SOURCE_CHANGED too when the file was truncated and grew again meanwhile. */
export async function* readUpTo(handle: FileHandle, from: number, end: Proof, take?: Take): AsyncGenerator<Uint8Array> {
  let at = from
  for await (const chunk of readRange(handle, from, end.at, { take })) {
    at += chunk.length
    if (at === end.at && !(await holds(handle, at, end))) throw changed('was written anew')
    yield chunk
  }
}

const changed = (how: string) =>
  new CodedError('SOURCE_CHANGED', `The file ${how} while it was read.`, { retry: 'later' })

/** A file as the source sees it: open, with its compression. */
export interface Content {
  readonly handle: FileHandle
  readonly size: number
  /** Told from the first bytes; undefined for plain files. */
  readonly decoder: Decoder | undefined
  /** The first line without its end, cut at `headBytes`. */
  readonly line: Buffer
  /** False while the first line may still grow. */
  readonly lineEnded: boolean
}

export async function contentOf(handle: FileHandle, size: number, decoders: readonly Decoder[]): Promise<Content> {
  const start = await readAt(handle, 0, Math.min(size, headBytes))
  const decoder = decoders.find((candidate) => candidate.detects(start))
  const head = decoder ? await decodedHead(handle, size, decoder, headBytes) : start
  const end = head.indexOf(10)
  return {
    ...{ handle, size, decoder },
    line: end < 0 ? head : head.subarray(0, end),
    lineEnded: end >= 0 || head.length >= headBytes,
  }
}

/** Bytes before a place that are searched for directives which replace the head. */
const headReach = 16_777_216

/**
 * The head of the file, for formats that have one (see `headOf`), up to 64 KiB; as it stands at `offset`, where a plain file
 * names its columns anew before that.
 */
export async function firstLineOf({ handle, size, decoder, line }: Content, offset: number): Promise<string> {
  const directives = line[0] === 35
  if (line.length < headBytes && !directives) return line.toString()
  const limit = 65_536
  const head = headOf(decoder ? await decodedHead(handle, size, decoder, limit) : await readAt(handle, 0, limit))
  if (decoder || !directives) return head
  for (let end = offset; end > Math.max(0, offset - headReach); ) {
    const start = Math.max(0, end - chunkBytes)
    const found = headAfter(await readAt(handle, start, end - start), head)
    if (found !== head) return found
    // Stretches overlap by a line's beginning, for one may be cut within it.
    end = start === 0 ? 0 : start + headBytes
  }
  return head
}

/** The first line of a plain file of lines whose head is that line and stays the same, whatever follows; else undefined. */
export function plainFirstLine({ decoder, line, lineEnded }: Content): string | undefined {
  if (decoder || !lineEnded || line.length >= headBytes) return undefined
  const text = line.toString()
  if (text.startsWith('#')) return undefined
  return /^\s*[[{]/.test(text) && !('value' in parseJson(text)) ? undefined : text
}

/** Decompressed bytes from `from` on, of a file whose stored bytes end at `to`. */
export async function* decodedFrom(
  handle: FileHandle,
  to: number,
  decoder: Decoder,
  from: number,
  chunkSize = chunkBytes,
): AsyncGenerator<Uint8Array> {
  let skip = from
  for await (const chunk of decoder.stream(readRange(handle, 0, to, { size: chunkSize }), { maxRatio })) {
    if (chunk.length > skip) yield skip > 0 ? chunk.subarray(skip) : chunk
    skip = Math.max(0, skip - chunk.length)
  }
}

/** The first bytes after decompression; fewer when the file is damaged or still being written. */
async function decodedHead(handle: FileHandle, size: number, decoder: Decoder, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decodedFrom(handle, size, decoder, 0, 16_384)) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= limit || chunk.includes(10)) break
    }
  } catch (error) {
    if (!isBroken(error)) throw error
  }
  return Buffer.concat(chunks).subarray(0, limit)
}

/** What is needed later to prove that the stored bytes before `at` are still the same. */
export async function proofAt(handle: FileHandle, at: number): Promise<Proof> {
  const bytes = Math.min(at, proofBytes)
  return proofOf(await readAt(handle, at - bytes, bytes), at)
}

/** The same from the stored bytes that end at `at`: all of them, or at least as many as a proof covers. */
export function proofOf(stored: Uint8Array, at: number): Proof {
  const covered = stored.subarray(Math.max(0, stored.length - proofBytes))
  return { at, bytes: covered.length, hash: hashOf(covered) }
}

/** True when the stored bytes before the proof's place are what they were. */
export async function holds(handle: FileHandle, size: number, proof: Proof): Promise<boolean> {
  if (size < proof.at) return false
  return hashOf(await readAt(handle, proof.at - proof.bytes, proof.bytes)) === proof.hash
}

/** As `holds`, for a proof that was made of the same file before it was compressed. */
export async function holdsDecoded(content: Content, proof: Proof): Promise<boolean> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decodedFrom(content.handle, content.size, content.decoder!, proof.at - proof.bytes)) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= proof.bytes) break
    }
  } catch (error) {
    if (!isBroken(error)) throw error
  }
  return hashOf(Buffer.concat(chunks).subarray(0, proof.bytes)) === proof.hash
}

/** The last bytes of a file after decompression, as a proof; undefined for damaged files. Reads it whole if compressed. */
export async function proofOfEnd(content: Content): Promise<Proof | undefined> {
  if (!content.decoder) return proofAt(content.handle, content.size)
  let tail: Buffer = Buffer.alloc(0)
  let at = 0
  try {
    for await (const chunk of decodedFrom(content.handle, content.size, content.decoder, 0)) {
      at += chunk.length
      tail = Buffer.concat([tail, chunk.subarray(-proofBytes)]).subarray(-proofBytes)
    }
  } catch (error) {
    if (isBroken(error)) return undefined
    throw error
  }
  return { at, bytes: tail.length, hash: hashOf(tail) }
}

const isBroken = (error: unknown) => error instanceof CodedError && error.code.startsWith('BODY_')
