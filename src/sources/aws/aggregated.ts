import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Records that the Kinesis Producer Library has put into one:
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 * Four magic bytes, a protobuf message (field 3: the records; within each, field 3: its data), and the MD5 of the message.
 */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2])
const digestBytes = 16

/** The records within; undefined when the bytes are not aggregated, or only look as if they were. */
export function disaggregate(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  if (bytes.length < magic.length + digestBytes || magic.compare(bytes, 0, magic.length) !== 0) return undefined
  const message = bytes.subarray(magic.length, bytes.length - digestBytes)
  const digest = createHash('md5').update(message).digest()
  if (!timingSafeEqual(digest, bytes.subarray(bytes.length - digestBytes))) return undefined
  const records = fieldsOf(message, 3)
  const data = records?.map((record) => fieldsOf(record, 3)?.[0])
  return data?.every((one) => one !== undefined) ? data : undefined
}

/** Every length-delimited field of this number, in order (https://protobuf.dev/programming-guides/encoding); undefined when cut off. */
function fieldsOf(message: Uint8Array, wanted: number): readonly Uint8Array[] | undefined {
  const found: Uint8Array[] = []
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at)
    const value = tag && varint(message, tag.next)
    if (!tag || !value) return undefined
    const wire = tag.value & 7
    if (wire === 0) at = value.next
    else if (wire === 2) {
      const end = value.next + value.value
      if (end > message.length) return undefined
      if (tag.value >>> 3 === wanted) found.push(message.subarray(value.next, end))
      at = end
    } else return undefined
  }
  return found
}

/** A number of at most 2^53; undefined when cut off or longer. */
function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let n = 0; n < 8 && at + n < bytes.length; n++) {
    const byte = bytes[at + n]!
    value += (byte & 0x7f) * 2 ** (7 * n)
    if (byte < 0x80) return { value, next: at + n + 1 }
  }
  return undefined
}
