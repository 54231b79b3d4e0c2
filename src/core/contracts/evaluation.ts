import type { Hit, Mode } from './alert.ts'
import type { Rows } from './history.ts'
import type { Framing } from './parser.ts'

/** A stretch of one delivery, cut where a record ends: the unit of work of a worker. */
export interface Frame {
  readonly source: string
  readonly cluster: string
  readonly origin: string
  /** Offset of the first byte within the origin, after decompression. */
  readonly offset: number
  readonly firstLine?: string
  readonly receivedAt: number
  readonly mode: Mode
  /** Rules whose mode is their own. Undefined: those that declare it are staged. */
  readonly rules?: RuleModes
  readonly bytes: Uint8Array
  /** True: `bytes` are a whole body as stored, perhaps compressed. False: already decoded. */
  readonly encoded: boolean
  /** How the stream falls into records, where that was found out at its beginning. */
  readonly framing?: Framing
  /** `bytes` are a classified record as the quarantine keeps it (LogRecord as JSON): only the rule of this name is to see it. */
  readonly verdictOf?: string
}

/** What the life of rules (core/staging) says of the hits they make. Names of rules; plain data that crosses threads. */
export interface RuleModes {
  readonly staged: ReadonlySet<string>
  /** Live by now, and staged before: their hits say under which id the record may have been seen then. */
  readonly promoted: ReadonlySet<string>
}

/** What became of one frame. All of it is stored in one transaction. */
export interface FrameResult {
  readonly hits: readonly Hit[]
  readonly quarantine: readonly QuarantineEntry[]
  readonly counts: readonly Count[]
  /** Decoded bytes in the frame. */
  readonly bytes: number
  readonly records: number
  /** The latest event time of its records, epoch milliseconds; undefined when none was classified. */
  readonly latest?: number
  /** Its records, where history is on. */
  readonly rows?: Rows
}

/** Turns frames into results: in this thread, in workers, or in a child process. The order of results is that of frames. */
export interface Evaluator {
  evaluate(frames: readonly Frame[]): Promise<readonly FrameResult[]>
}

/** A number to add to a counter. Labels are few and bounded: schema, rule, source, reason. */
export interface Count {
  readonly metric: Metric
  readonly labels: Readonly<Record<string, string>>
  readonly n: number
}

/**
 * - `records`: classified, by source, cluster, schema. `quarantined`: by source, cluster, reason.
 * - `bytes`: decoded, by source. `drift`: unknown fields kept, by schema, field. `retimed`: event time replaced, by schema, reason.
 * - `hits`, `rule_errors`: by rule (and error code). `asked`: records a rule that fails was asked about, by rule.
 * - `refused`, `repeated`, `dropped`: by source (`SourceCount`).
 * - `retried`: released from quarantine, by kind, reason.
 */
export type Metric =
  | 'records'
  | 'quarantined'
  | 'bytes'
  | 'drift'
  | 'retimed'
  | 'hits'
  | 'rule_errors'
  | 'asked'
  | 'retried'
  | 'refused'
  | 'repeated'
  | 'dropped'

/** What could not be processed, with the reason and all that is needed to try again. */
export interface QuarantineEntry {
  /** hash of what it stands for: the same input is one entry. */
  readonly id: string
  /** `record`: nothing classified it. `verdict`: a rule failed on it. */
  readonly kind: 'record' | 'verdict'
  /** A code from the table of errors. */
  readonly reason: string
  /** For people: what was expected, what was found. */
  readonly message: string
  readonly source: string
  readonly cluster: string
  readonly position: string
  readonly receivedAt: number
  /** kind `record`: the bytes as they came (cut at a limit). kind `verdict`: the classified record (LogRecord) as JSON. */
  readonly raw: Uint8Array
  readonly firstLine?: string
  /** kind `record`: the schema that came nearest, and its first failing field. */
  readonly nearest?: { readonly schema: string; readonly field?: string; readonly message: string }
  /** kind `verdict`: the rule that failed, and the schema of the record. */
  readonly rule?: string
  readonly schema?: string
}
