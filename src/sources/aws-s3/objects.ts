import { createHash } from 'node:crypto'
import type { S3 } from '@aws-sdk/client-s3'
import type { SourceHost } from '../../core/component.ts'
import type { Decoder, Delivery } from '../../core/contracts/index.ts'
import { headOf, longestHead } from '../../core/split/head.ts'
import type { Connection } from '../aws/connect.ts'
import type { ObjectRef } from './events.ts'

/** Objects up to this size are fetched as soon as they are known, side by side. Bytes. */
const smallBytes = 1_048_576
/** Decompressed to compressed: beyond it an object is taken for a bomb. */
const maxRatio = 500

/** Gives the objects of one source as deliveries, and remembers how far large ones were read. */
export interface Objects {
  /** Undefined when there is nothing to read of it: it is empty, or was read to its end before. */
  deliveryOf(object: ObjectRef): Promise<Delivery | undefined>
  /** Forgets how far objects were read, once nobody asks for them again. */
  forget(objects: readonly ObjectRef[]): Promise<void>
}

/** The place of an object's records: with its ETag, so that one that is overwritten is another. */
export const originOf = ({ bucket, key, etag, version }: ObjectRef): string => `s3/${bucket}/${key}/${version ?? etag}`

/**
 * What is known of a large object is kept beside its results: `{offset}` after decompression up to where it was read, or `end`.
 * A restart opens it there: a plain one by a range, a compressed one by skipping what was read.
 */
export function createObjects(connection: Connection<S3>, host: SourceHost): Objects {
  const keyOf = (object: ObjectRef) =>
    `${host.name}/object/${createHash('sha256').update(originOf(object)).digest('hex').slice(0, 32)}`

  /** The bytes of an object from `from` on, as stored; undefined when it is gone, or another by now. */
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

  async function decoderOf(object: ObjectRef): Promise<Decoder | undefined> {
    const head = await bytesOf(await open(object, 'bytes=0-3'))
    return host.decoders.find((decoder) => decoder.detects(head))
  }

  async function* bodyOf(object: ObjectRef): AsyncGenerator<Uint8Array> {
    const body = await open(object)
    if (body) yield* body
    else lost(object)
  }

  async function* restOf(object: ObjectRef, decoder: Decoder | undefined, offset: number): AsyncGenerator<Uint8Array> {
    if (decoder) {
      let skip = offset
      for await (const chunk of decoder.stream(bodyOf(object), { maxRatio })) {
        if (chunk.length > skip) yield skip > 0 ? chunk.subarray(skip) : chunk
        skip = Math.max(0, skip - chunk.length)
      }
    } else {
      const rest = await open(object, `bytes=${offset}-`)
      if (rest) yield* rest
      else lost(object)
    }
  }

  async function headLine(object: ObjectRef, decoder: Decoder | undefined): Promise<string> {
    const body = decoder
      ? decoder.stream(bodyOf(object), { maxRatio })
      : await open(object, `bytes=0-${longestHead - 1}`)
    return headOf(await bytesOf(body, longestHead))
  }

  function lost(object: ObjectRef): void {
    host.count('dropped')
    const message = `${host.name}: s3://${object.bucket}/${object.key} is gone, or was overwritten: what it held was not read.`
    host.log({ level: 'warn', code: 'SOURCE_CHANGED', message, source: host.name })
  }

  /** Fetched at once, for the first that asks; whoever asks again fetches again. */
  function fetched(object: ObjectRef): () => AsyncGenerator<Uint8Array> {
    let first: Promise<Uint8Array | undefined> | undefined = open(object).then((body) => body && bytesOf(body))
    first.catch(() => {})
    return async function* () {
      const taken = first
      first = undefined
      const bytes = taken && (await taken)
      if (!taken) yield* bodyOf(object)
      else if (!bytes) lost(object)
      else if (bytes.length > 0) yield bytes
    }
  }

  return {
    async deliveryOf(object) {
      if (object.size === 0) return undefined
      const origin = originOf(object)
      const base = { id: origin, source: host.name, receivedAt: object.at ?? host.now(), origin }
      if (object.size !== undefined && object.size <= smallBytes) {
        return { ...base, size: object.size, body: fetched(object) }
      }
      const key = keyOf(object)
      const kept = await host.state.get(key)
      if (kept === 'end') return undefined
      const checkpoint = (offset: number, complete: boolean) => ({ key, value: complete ? 'end' : String(offset) })
      const offset = Number(kept ?? 0)
      if (!(offset > 0)) return { ...base, checkpoint, body: () => bodyOf(object) }
      const decoder = await decoderOf(object)
      const firstLine = await headLine(object, decoder)
      return { ...base, offset, firstLine, checkpoint, body: () => restOf(object, decoder, offset) }
    },
    forget: (objects) => host.state.delete(objects.map(keyOf)),
  }
}

const gone: ReadonlySet<string> = new Set([
  'NoSuchKey',
  'NotFound',
  'NoSuchVersion',
  'PreconditionFailed',
  'InvalidRange',
])

async function bytesOf(
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
