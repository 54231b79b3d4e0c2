import type { SourceCount, SourceHost } from '../../core/component.ts'
import type { Framing, LogLine } from '../../core/contracts/index.ts'

export interface SpoolOptions {
  /** A folder of its own. */
  readonly dir: string
  /** `kind:name`: names the deliveries. */
  readonly source: string
  readonly state: SourceHost['state']
  /** Of all segments. */
  readonly maxBytes: number
  /** What waits for longer is given up, and counted. */
  readonly maxAgeMs: number
  /** When there is no room: `block` takes nothing more; `drop-oldest` gives up the oldest segment, and counts its records. */
  readonly policy: 'block' | 'drop-oldest'
  /** Size of one file, which goes when all of it is settled. Default: an eighth of `maxBytes`, at most 16 MiB. */
  readonly segmentBytes?: number
  /**
   * How long a settled segment stays. A store may lose its last commits when the machine loses power; what they stood for is
   * then still here. Given up early when room is needed. Default: a minute. Milliseconds.
   */
  readonly keepSettledMs?: number
  now(): number
  log(line: LogLine): void
  count(what: SourceCount, n?: number): void
}

/** Something to keep. */
export interface SpoolEntry {
  /** Not to be changed any more. */
  readonly bytes: Uint8Array
  /**
   * How it falls into records. `lines`: whole lines. `json`: whole JSON values, valid, since what cannot end would take its
   * neighbours in. Small ones of these are joined with those of others, so that they are read fast; a line feed is added.
   * Any other is delivered by itself, as is one without: bytes as they were sent, perhaps compressed, read from offset 0.
   */
  readonly framing?: Framing
  /** Records in it, for counts. Default 1. */
  readonly records?: number
}

export interface AppendOptions {
  /** An append with a key that is known is not kept again. */
  readonly key?: string
  /** How long the key stays known. Milliseconds. */
  readonly keyMs?: number
}

/** `stored`: durable. `repeated`: was durable already. `full`: nothing was kept, for there is no room. */
export type Appended = 'stored' | 'repeated' | 'full'
