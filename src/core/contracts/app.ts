import type { DeliveryLimits } from '../dispatch/attempt.ts'
import type { Publication } from '../publish.ts'
import type { Alert } from './alert.ts'
import type { Delivery, IngestCall, IngestResult } from './delivery.ts'
import type { Evaluator, FrameResult } from './evaluation.ts'
import type { Segments } from './history.ts'
import type { Output } from './output.ts'
import type { Framing } from './parser.ts'
import type { Committed, Settlement, Store } from './store.ts'

/** A line of the engine's own log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** A code of the table of errors, or a short event name. */
  readonly code: string
  readonly message: string
  readonly [key: string]: unknown
}

/** Undoes a compression. */
export interface Decoder {
  readonly name: string
  /** True when the bytes begin as this format does. `head` has at least 4 bytes unless the body is shorter. */
  detects(head: Uint8Array): boolean
  /** Decodes a whole body at once, into memory that is the caller's alone. Throws a CodedError past `maxBytes` or on damaged input. */
  decode(bytes: Uint8Array, maxBytes: number): Uint8Array
  /** Decodes a stream of any size. */
  stream(body: AsyncIterable<Uint8Array>, limits: { readonly maxRatio: number }): AsyncIterable<Uint8Array>
}

/** Everything the engine needs from where it runs. */
export interface Host {
  readonly store: Store
  readonly evaluator: Evaluator
  readonly decoders: readonly Decoder[]
  /** Where the rows that the evaluator gives are kept before anything is acknowledged. Without: there are none. */
  readonly segments?: Segments
  /** Output `kind:name` → output, how many alerts it takes at the same time, and limits of its own. */
  readonly outputs: ReadonlyMap<
    string,
    { readonly output: Output; readonly concurrency: number; readonly limits?: DeliveryLimits }
  >
  /** Source `kind:name` → its cluster. */
  readonly clusters: ReadonlyMap<string, string>
  /** The framings that a source's candidate schemas use. */
  framings(source: string): ReadonlySet<Framing>
  /** What is told of an alert to an output (`kind:name`). Never rejects. Default: the default publication. */
  publication?(alert: Alert, output: string): Promise<Publication>
  hash(text: string): string
  now(): number
  /** 0 ≤ x < 1: for the jitter of retries. */
  random(): number
  log(line: LogLine): void
  /** Told of each commit: for the terminal, and to wake the dispatcher. */
  onCommitted?(committed: Committed, results: readonly FrameResult[]): void
  /** Told of each try to deliver. */
  onSettled?(settlement: Settlement): void
}

/**
 * Which windows a dispatch closes: those that are `due` by the clock, `all`, or none (`hold`): while history is read, more
 * hits of a window that ended long ago may lie ahead.
 */
export type Windows = 'due' | 'all' | 'hold'

/** What a runtime calls, and nothing else. */
export interface App {
  /** Decode → split → classify → evaluate → store. Resolves when the deliveries are durable or have failed. */
  ingest(deliveries: readonly Delivery[], call?: IngestCall): Promise<IngestResult>
  /** Closes due windows, then sends what is due. Resolves with the time of the next work (epoch milliseconds), if any. */
  dispatch(signal: AbortSignal, options?: { readonly windows?: Windows }): Promise<{ readonly next?: number }>
}
