import type { Framing } from './parser.ts'

/**
 * What travels from a transport to the engine.
 *
 * A delivery is what a transport can acknowledge: a stretch of a file, an S3 object, a queue message. It carries an
 * id that is the same when the transport sends it again; every record id, hit id and alert id derives from it, so a
 * redelivery repeats nothing.
 */
export interface Delivery {
  /** Same on every redelivery; never a receipt handle, an inode or a time of ours. */
  readonly id: string
  /** The configured source, `kind:name`, such as `file:cloudtrail`. */
  readonly source: string
  /** Where its records come from, where that is not the source's cluster. */
  readonly cluster?: string
  /** When the transport took it, in epoch milliseconds; the same on redelivery. */
  readonly receivedAt: number
  /** The transport's own name for the place its records come from; a record's position is `<origin>#<offset>`. */
  readonly origin: string
  /** Offset within `origin` of the body's first byte, counted after decompression. Default 0. */
  readonly offset?: number
  /** The first line of the whole stream, for formats with a header, when `offset` is not 0. */
  readonly firstLine?: string
  /** Bytes in `body`, where the transport knows. Small bodies are decompressed and split in the workers. */
  readonly size?: number
  /** How the body falls into records, where the transport knows. Default: found out from its beginning. */
  readonly framing?: Framing
  /**
   * Opens the bytes as they were stored (perhaps compressed). May be called again after a failure. `take` gives memory for a
   * chunk, which spares garbage; to use it is up to the source.
   */
  body(take?: (bytes: number) => Uint8Array): AsyncIterable<Uint8Array>
  /**
   * For sources that keep their own place: the state entry saying that everything before `offset` is done. The engine
   * stores it in the same transaction as the results up to there. `complete` is true at the end of the body.
   */
  checkpoint?(offset: number, complete: boolean): StateEntry
  /**
   * The stretch that follows this one, where some is there by now or soon: a delivery of the same id and origin, which fails with
   * this one. The engine may ask for it, once, when the body was read, while that is still being evaluated. Undefined: no more.
   * For sources that tell their lag: who waits here is at rest, but for that. `take` gives memory for the whole stretch.
   */
  next?(take?: (bytes: number) => Uint8Array): Promise<Delivery | undefined>
}

/** One entry of the state store. */
export interface StateEntry {
  readonly key: string
  readonly value: string
}

/** Deliveries read together. `settle` is called once, when each is durable or has failed. */
export interface Batch {
  readonly deliveries: readonly Delivery[]
  /** Acknowledges all deliveries but the `failed` ones, which the transport must give again. */
  settle(failed: ReadonlySet<string>): Promise<void>
}

/** What `app.ingest` answers: whole deliveries that must come again, and where to go on inside a huge one. */
export interface IngestResult {
  readonly failed: readonly string[]
  /** The one that was left in the middle, for the time was short: everything before `cursor`, an offset in its origin, is done. */
  readonly resume?: Resume
}

export interface Resume {
  readonly id: string
  readonly cursor: number
  /** What the rest is to be read with: see `Delivery`. */
  readonly framing?: Framing
  readonly firstLine?: string
}

export interface IngestCall {
  /**
   * Asked before each delivery and after each stretch of a large one. Once it says true nothing more is begun: what was begun ends, a
   * large delivery is left where it is (`resume`), and those that were not opened count as failed.
   */
  isShort?(): boolean
}

/** Options of one reading of a pull source. */
export interface ReadOptions {
  readonly signal: AbortSignal
  /** True: end when all that is there now has been read. False: go on for ever. */
  readonly once: boolean
}

/** A source that the engine asks: files, queues, streams, pollers. */
export interface PullSource {
  /**
   * Yields batches until `signal` aborts, or with `once` until nothing is left. The next batch of the same origin is
   * yielded only after the former was settled. Throws a CodedError for what a person must mend.
   */
  read(options: ReadOptions): AsyncIterable<Batch>
  /** What waits to be read, if the source can tell: for `status`. */
  lag?(): Promise<{ readonly bytes?: number; readonly items?: number }>
  /** True once nothing will ever come again: `read` is not called anew, and a run whose sources have all ended ends. */
  ended?(): boolean
}

/** A source that is called with an event of its platform (AWS Lambda). Answers undefined when the event is not its own. */
export interface PushSource {
  receive(event: unknown): readonly Delivery[] | undefined
}

export type Source = PullSource | PushSource | (PullSource & PushSource)
