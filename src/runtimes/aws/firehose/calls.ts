/** What one PutRecordBatch takes. */
export interface Call {
  readonly stream: string
  /** Each of whole rows. */
  readonly records: readonly Uint8Array[]
}

/** Bytes that one record may have: https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html (1,000 KiB before base64). */
export const longestRecord = 1_024_000

/**
 * What one call takes: 500 records and 4 MiB (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). The page does not say
 * whether base64 counts: as if it did. Of one record Firehose tells 500 rows apart
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html).
 */
const most = { records: 500, bytes: 3 * 1_048_576, rows: 500 }

/** What is on its way to one stream. */
interface Parcel {
  rows: Uint8Array[]
  rowBytes: number
  records: Uint8Array[]
  bytes: number
}

/** Packs rows into records, and records into calls: Firehose bills each record as a multiple of 5 KB, so that few long ones are cheaper. */
export interface Packer {
  /** `row`: at most `longestRecord` bytes. Answers a call that is full. */
  add(stream: string, row: Uint8Array): Call | undefined
  /** What is left, as calls. */
  rest(): Call[]
}

export function createPacker(): Packer {
  const parcels = new Map<string, Parcel>()

  function parcelOf(stream: string): Parcel {
    const known = parcels.get(stream)
    if (known) return known
    const parcel: Parcel = { rows: [], rowBytes: 0, records: [], bytes: 0 }
    parcels.set(stream, parcel)
    return parcel
  }

  /** Ends a record; answers the call before it when both are too much for one. */
  function endRecord(stream: string, parcel: Parcel): Call | undefined {
    const isTooMuch = parcel.bytes + parcel.rowBytes > most.bytes || parcel.records.length >= most.records
    const call = isTooMuch ? endCall(stream, parcel) : undefined
    parcel.records.push(Buffer.concat(parcel.rows))
    parcel.bytes += parcel.rowBytes
    parcel.rows = []
    parcel.rowBytes = 0
    return call
  }

  function endCall(stream: string, parcel: Parcel): Call {
    const call = { stream, records: parcel.records }
    parcel.records = []
    parcel.bytes = 0
    return call
  }

  return {
    add(stream, row) {
      const parcel = parcelOf(stream)
      const isFull = parcel.rowBytes + row.length > longestRecord || parcel.rows.length >= most.rows
      const call = isFull && parcel.rows.length > 0 ? endRecord(stream, parcel) : undefined
      parcel.rows.push(row)
      parcel.rowBytes += row.length
      return call
    },
    rest: () =>
      [...parcels].flatMap(([stream, parcel]) => {
        const call = parcel.rows.length > 0 ? endRecord(stream, parcel) : undefined
        return [...(call ? [call] : []), endCall(stream, parcel)]
      }),
  }
}
