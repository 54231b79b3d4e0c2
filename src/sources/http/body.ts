import type { Decoder } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { type Incoming, type Refused, refuse } from './exchange.ts'

export interface BodyLimits {
  /** Bytes as they are sent. */
  readonly body: number
  /** Bytes after decompression. */
  readonly decompressed: number
  /** Decompressed to compressed. */
  readonly maxRatio: number
}

/** Bounds the bytes of all bodies that are held at the same time. */
export interface Held {
  /** The share of one request. */
  open(): Holding
}

export interface Holding {
  /** Adds bytes; false when there is no room for them. */
  take(bytes: number): boolean
  /** Gives all of them back. */
  release(): void
}

export function createHeld(limit: number): Held {
  let held = 0
  return {
    open() {
      let own = 0
      return {
        take(bytes) {
          if (held + bytes > limit) return false
          held += bytes
          own += bytes
          return true
        },
        release() {
          held -= own
          own = 0
        },
      }
    },
  }
}

/** A refusal that passes. */
export const busy = (reason: string): Refused => refuse(429, reason, { retryAfter: 5 })

const crowded = busy('Too many bytes are under way.')

/** Reads a body as it is sent. `proceed` is called once it is wanted, for senders that ask before they send it. */
export async function readBody(
  request: Incoming,
  { body: limit }: BodyLimits,
  holding: Holding,
  proceed: () => void,
): Promise<Buffer | Refused> {
  const tooLarge = refuse(413, `The body is larger than ${limit} bytes.`)
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) return tooLarge
  proceed()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return tooLarge
    if (!holding.take(chunk.length)) return crowded
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

const encodings: Readonly<Record<string, string>> = { gzip: 'gzip', 'x-gzip': 'gzip', zstd: 'zstd' }

/** Undoes the content encoding. */
export async function decodeBody(
  sent: Buffer,
  encoding: string | undefined,
  decoders: readonly Decoder[],
  limits: BodyLimits,
  holding: Holding,
): Promise<Buffer | Refused> {
  const named = encoding?.trim().toLowerCase() ?? ''
  if (named === '' || named === 'identity') return sent
  const decoder = decoders.find(({ name }) => name === encodings[named])
  if (!decoder) {
    return refuse(415, `The content encoding is not one of gzip, zstd and identity.`, {
      headers: { 'accept-encoding': 'gzip, zstd, identity' },
    })
  }
  if (sent.length === 0) return sent
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of decoder.stream(one(sent), limits)) {
      size += chunk.byteLength
      if (size > limits.decompressed)
        return refuse(413, `The decompressed body is larger than ${limits.decompressed} bytes.`)
      if (!holding.take(chunk.byteLength)) return crowded
      chunks.push(chunk)
    }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return refuse(error.code === 'BODY_TOO_LARGE' ? 413 : 400, error.message)
  }
  return Buffer.concat(chunks)
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
