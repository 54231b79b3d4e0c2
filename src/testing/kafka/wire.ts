/** Reading and writing of the types of Kafka's protocol: https://kafka.apache.org/protocol#protocol_types */

export interface WireReader {
  readonly int8: () => number
  readonly int16: () => number
  readonly int32: () => number
  readonly int64: () => bigint
  /** Unsigned, of seven bits in a byte, the lowest first. */
  readonly uvarint: () => bigint
  /** The same, zigzag. */
  readonly varint: () => number
  readonly bytes: (length: number) => Buffer
  /** INT16 length; undefined for null. */
  readonly string: () => string | undefined
  /** INT32 length; undefined for null. */
  readonly blob: () => Buffer | undefined
  /** INT32 count. */
  readonly array: <T>(item: () => T) => T[]
  readonly left: () => number
}

export function readWire(buffer: Buffer): WireReader {
  let at = 0
  const step = (length: number) => {
    at += length
    return at - length
  }
  const bytes = (length: number) => buffer.subarray(step(length), at)
  const int16 = () => buffer.readInt16BE(step(2))
  const int32 = () => buffer.readInt32BE(step(4))
  const uvarint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer.readUInt8(step(1))
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  return {
    int8: () => buffer.readInt8(step(1)),
    int16,
    int32,
    int64: () => buffer.readBigInt64BE(step(8)),
    uvarint,
    varint() {
      const value = uvarint()
      return Number((value >> 1n) ^ -(value & 1n))
    },
    bytes,
    string() {
      const length = int16()
      return length < 0 ? undefined : bytes(length).toString()
    },
    blob() {
      const length = int32()
      return length < 0 ? undefined : bytes(length)
    },
    array: (item) => Array.from({ length: int32() }, item),
    left: () => buffer.length - at,
  }
}

export const int8 = (value: number) => Buffer.from([value])
export const int16 = (value: number) => fixed(2, (buffer) => buffer.writeInt16BE(value))
export const int32 = (value: number) => fixed(4, (buffer) => buffer.writeInt32BE(value))
export const int64 = (value: bigint) => fixed(8, (buffer) => buffer.writeBigInt64BE(value))
export const string = (value: string | undefined) =>
  value === undefined ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
export const blob = (value: Buffer) => Buffer.concat([int32(value.length), value])
export const array = <T>(items: readonly T[], item: (value: T) => readonly Buffer[]) =>
  Buffer.concat([int32(items.length), ...items.flatMap(item)])

function fixed(length: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(length)
  write(buffer)
  return buffer
}

export interface WireRecord {
  readonly key: string | undefined
  readonly value: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** The records of uncompressed batches: https://kafka.apache.org/documentation/#recordbatch */
export function readBatches(buffer: Buffer): WireRecord[] {
  const reader = readWire(buffer)
  const records: WireRecord[] = []
  while (reader.left() > 0) {
    // Base offset, length, leader epoch, magic, CRC, attributes, last offset, two timestamps, producer, its epoch, sequence.
    reader.bytes(8 + 4 + 4 + 1 + 4 + 2 + 4 + 8 + 8 + 8 + 2 + 4)
    records.push(...reader.array(() => readRecord(reader)))
  }
  return records
}

function readRecord(reader: WireReader): WireRecord {
  const text = () => {
    const length = reader.varint()
    return length < 0 ? undefined : reader.bytes(length).toString()
  }
  // Length, attributes, timestamp, offset.
  reader.varint()
  reader.int8()
  reader.varint()
  reader.varint()
  const [key, value] = [text(), text()]
  const headers = Array.from({ length: reader.varint() }, () => [text() ?? '', text() ?? ''] as const)
  return { key, value, headers: Object.fromEntries(headers) }
}
