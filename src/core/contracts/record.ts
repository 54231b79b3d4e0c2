/** Everything known of a record beside its data. */
export interface RecordOrigin {
  /** `kind:name` of the source. */
  readonly source: string
  /** The cluster the source belongs to. */
  readonly cluster: string
  /** Where the record stood: `<origin>#<offset>`, and `[n]` for the n-th record of one document. */
  readonly position: string
  /** Epoch milliseconds; the same on redelivery. */
  readonly receivedAt: number
}

/**
 * A classified record as it is stored, shown and sent: plain data.
 * (Called LogRecord since TypeScript owns `Record`.)
 */
export interface LogRecord extends RecordOrigin {
  /** hash(source, position, bytes). */
  readonly id: string
  /** Name of the schema that took it, such as `cloudtrail:events`. */
  readonly schema: string
  /** Event time in epoch milliseconds; `receivedAt` where the record has no usable time of its own. */
  readonly time: number
  /** The parsed and coerced fields. */
  readonly data: Readonly<Record<string, unknown>>
  /** Keys found around the record, such as the head of the document it came in. */
  readonly envelope?: Readonly<Record<string, unknown>>
  /** Semantic name → values found in the record, by the schema's `normalise`. */
  readonly normalised?: Normalised
}

/** Semantic name (`source_ip`, `user`, …) → values. */
export type Normalised = Readonly<Record<string, readonly string[]>>
