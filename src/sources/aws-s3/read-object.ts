import type { S3 } from '@aws-sdk/client-s3'
import type { SourceHost } from '../../core/component.ts'
import type { Decoder } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { headOf, longestHead } from '../../core/split/head.ts'
import type { Connection } from '../aws/connect.ts'
import type { ObjectRef } from './events.ts'

/** Decompressed to compressed: beyond it an object is taken for a bomb. */
const maxRatio = 500

/** Reads objects of one source. */
export interface ObjectReader {
  /** The bytes of an object as stored, or those of a range (RFC 9110, 14.1.2); undefined when it is gone, or another by now. */
  open(object: ObjectRef, range?: string): Promise<AsyncIterable<Uint8Array> | undefined>
  /** All of it as stored; empty, and counted, when it is gone. */
  body(object: ObjectRef, range?: string): AsyncGenerator<Uint8Array>
  /** How it is compressed; undefined: not at all. */
  decoderOf(object: ObjectRef): Promise<Decoder | undefined>
  /** What follows `offset`, decompressed: of a plain object by a range, of a compressed one by skipping what is before. */
  rest(object: ObjectRef, decoder: Decoder | undefined, offset: number): AsyncGenerator<Uint8Array>
  /** See `Delivery.firstLine`. */
  firstLine(object: ObjectRef, decoder: Decoder | undefined): Promise<string>
}

/** `stop`: asked while bodies are read, which fail once it says true. */
export function createObjectReader(
  connection: Connection<S3>,
  host: SourceHost,
  stop: () => boolean = () => false,
): ObjectReader {
  async function open({ bucket, key, etag, version }: ObjectRef, range?: string) {
    return connection.call(async (s3) => {
      try {
        const input = {
          Bucket: bucket,
          Key: key,
          ...(etag !== '' && { IfMatch: `"${etag}"` }),
          ...(version !== undefined && { VersionId: version }),
          ...(range !== undefined && { Range: range }),
        }
        const { Body } = await s3.getObject(input)
        return Body as unknown as AsyncIterable<Uint8Array>
      } catch (error) {
        if (error instanceof Error && gone.has(error.name)) return undefined
        throw error
      }
    })
  }

  async function* body(object: ObjectRef, range?: string): AsyncGenerator<Uint8Array> {
    const found = await open(object, range)
    if (!found) lost(object)
    for await (const chunk of found ?? []) {
      if (stop()) throw new CodedError('SOURCE_FAILED', 'The time is short: the rest is read later.')
      yield chunk
    }
  }

  function lost(object: ObjectRef): void {
    host.count('dropped')
    const message = `${host.name}: s3://${object.bucket}/${object.key} is gone, or was overwritten: what it held was not read.`
    host.log({ level: 'warn', code: 'SOURCE_CHANGED', message, source: host.name })
  }

  return {
    open,
    body,
    async decoderOf(object) {
      const head = await bytesOf(await open(object, 'bytes=0-3'))
      return host.decoders.find((decoder) => decoder.detects(head))
    },
    async *rest(object, decoder, offset) {
      const whole = decoder?.stream(body(object), { maxRatio })
      let skip = whole ? offset : 0
      for await (const chunk of whole ?? body(object, `bytes=${offset}-`)) {
        if (chunk.length > skip) yield skip > 0 ? chunk.subarray(skip) : chunk
        skip = Math.max(0, skip - chunk.length)
      }
    },
    async firstLine(object, decoder) {
      const head = decoder
        ? decoder.stream(body(object), { maxRatio })
        : await open(object, `bytes=0-${longestHead - 1}`)
      return headOf(await bytesOf(head, longestHead))
    },
  }
}

const gone: ReadonlySet<string> = new Set([
  'NoSuchKey',
  'NotFound',
  'NoSuchVersion',
  'PreconditionFailed',
  'InvalidRange',
])

/** The bytes of a body, at most so many. */
export async function bytesOf(
  body: AsyncIterable<Uint8Array> | undefined,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}
