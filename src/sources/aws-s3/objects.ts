import { createHash } from 'node:crypto'
import type { SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import type { ObjectRef } from './events.ts'
import { bytesOf, type ObjectReader } from './read-object.ts'

/** Objects up to this size are fetched as soon as they are known, side by side. Bytes. */
const smallBytes = 1_048_576

/** Gives the objects of one source as deliveries, and remembers how far large ones were read. */
export interface Objects {
  /** Undefined when there is nothing to read of it: it is empty, or was read to its end before. */
  deliveryOf(object: ObjectRef): Promise<Delivery | undefined>
  /** Forgets how far objects were read, once nobody asks for them again. */
  forget(objects: readonly ObjectRef[]): Promise<void>
}

/** The place of an object's records: with its ETag, so that one that is overwritten is another. */
export const originOf = ({ bucket, key, etag, version }: ObjectRef): string => `s3/${bucket}/${key}/${version ?? etag}`

/** What all deliveries of an object have in common. */
export function deliveryBase(object: ObjectRef, host: SourceHost): Omit<Delivery, 'body'> {
  const origin = originOf(object)
  return { id: origin, source: host.name, receivedAt: object.at ?? host.now(), origin }
}

/** An object as a delivery that is read from its beginning. */
export function wholeObject(object: ObjectRef, reader: ObjectReader, host: SourceHost): Delivery {
  const base = deliveryBase(object, host)
  return object.size !== undefined && object.size <= smallBytes
    ? { ...base, size: object.size, body: fetched(object, reader) }
    : { ...base, body: () => reader.body(object) }
}

/** Fetched at once, for the first that asks; whoever asks again fetches again. */
function fetched(object: ObjectRef, reader: ObjectReader): () => AsyncGenerator<Uint8Array> {
  let first: Promise<Uint8Array> | undefined = bytesOf(reader.body(object))
  first.catch(() => {})
  return async function* () {
    const taken = first
    first = undefined
    const bytes = taken && (await taken)
    if (!bytes) yield* reader.body(object)
    else if (bytes.length > 0) yield bytes
  }
}

/**
 * What is known of a large object is kept beside its results: `{offset}` after decompression up to where it was read, or `end`.
 * A restart opens it there: a plain one by a range, a compressed one by skipping what was read.
 */
export function createObjects(reader: ObjectReader, host: SourceHost): Objects {
  const keyOf = (object: ObjectRef) =>
    `${host.name}/object/${createHash('sha256').update(originOf(object)).digest('hex').slice(0, 32)}`

  return {
    async deliveryOf(object) {
      if (object.size === 0) return undefined
      const whole = wholeObject(object, reader, host)
      if (whole.size !== undefined) return whole
      const key = keyOf(object)
      const kept = await host.state.get(key)
      if (kept === 'end') return undefined
      const checkpoint = (offset: number, complete: boolean) => ({ key, value: complete ? 'end' : String(offset) })
      const offset = Number(kept ?? 0)
      if (!(offset > 0)) return { ...whole, checkpoint }
      const decoder = await reader.decoderOf(object)
      const firstLine = await reader.firstLine(object, decoder)
      return { ...whole, offset, firstLine, checkpoint, body: () => reader.rest(object, decoder, offset) }
    },
    forget: (objects) => host.state.delete(objects.map(keyOf)),
  }
}
