/** Classified records on their way into history: LogRecords without `normalised`, as JSON, one a line. */
export interface Rows {
  /** Each of about 1 MB of lines, in memory of its own. */
  readonly pieces: readonly Uint8Array[]
  /** False: they are few, one piece, and are compressed together with others. */
  readonly compressed: boolean
}

/** Records that became durable together, of one cluster and one hour. */
export interface Segment {
  readonly cluster: string
  /** When the transport took the records: `yyyy-MM-dd-HH` in UTC. A redelivery has the same. */
  readonly hour: string
  /** `Rows`, compressed. */
  readonly bytes: Uint8Array
}

/** Where records go that are to be in tables. */
export interface Segments {
  /** Compressed texts one behind the other must be the compressed form of the whole. */
  compress(bytes: Uint8Array): Uint8Array
  /** Resolves when the segment is durable. One that is kept is named by what it holds: put twice, it is there once. What hands on its records may do so twice. */
  put(segment: Segment): Promise<void>
}
