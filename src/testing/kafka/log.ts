/** Partitions in memory: batches as producers sent them, with the offsets that the broker gives (https://kafka.apache.org/documentation/#recordbatch). */

interface StoredBatch {
  readonly last: bigint
  readonly bytes: Buffer
}

export interface PartitionLog {
  /** The offset that the next record gets. */
  readonly end: () => bigint
  /** Takes batches, one after another. Answers the offset of their first record. */
  append(batches: Buffer): bigint
  /** Whole batches from the one that holds the offset, so that they have about so many bytes. */
  read(offset: bigint, mostBytes: number): Buffer
}

const lastOffsetDeltaAt = 8 + 4 + 4 + 1 + 4 + 2

export function createLog(): PartitionLog {
  const batches: StoredBatch[] = []
  let end = 0n
  return {
    end: () => end,
    append(buffer) {
      const first = end
      for (let at = 0; at < buffer.length; ) {
        const length = 12 + buffer.readInt32BE(at + 8)
        const bytes = Buffer.from(buffer.subarray(at, at + length))
        // The base offset is not part of what the checksum covers.
        bytes.writeBigInt64BE(end, 0)
        end += BigInt(bytes.readInt32BE(lastOffsetDeltaAt)) + 1n
        batches.push({ last: end - 1n, bytes })
        at += length
      }
      return first
    },
    read(offset, mostBytes) {
      const found: Buffer[] = []
      let left = mostBytes
      for (const { last, bytes } of batches) {
        if (last < offset || left <= 0) continue
        found.push(bytes)
        left -= bytes.length
      }
      return Buffer.concat(found)
    },
  }
}
