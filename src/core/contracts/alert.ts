import type { LogRecord } from './record.ts'
import type { Severity } from './rule.ts'

/** Where an alert came from: the running engine, a staged rule, or a run over history. Part of the alert's id. */
export type Mode = 'live' | 'staged' | 'replay' | 'backtest'

/**
 * One (rule, record) pair that matched. Workers emit hits; alerts are folded from them, independent of arrival order.
 * Everything a publication needs is computed in the worker, so that nothing outside runs a rule's code.
 */
export interface Hit {
  /** hash(rule, record id, mode). */
  readonly id: string
  /**
   * The id it had while its rule was staged. Where that one is stored, the record was seen then, and this hit adds nothing:
   * a record that comes again after its rule was promoted raises nothing again.
   */
  readonly seenAs?: string
  readonly rule: string
  readonly mode: Mode
  readonly severity: Severity
  readonly title: string
  readonly description: string
  readonly context: Readonly<Record<string, unknown>>
  readonly outputs: readonly string[]
  readonly record: LogRecord
  /** Present when the rule merges or counts, and the record has all keys. */
  readonly window?: HitWindow
}

/** The window a hit falls into, and what opens an alert in it. */
export interface HitWindow {
  /** The cluster, then the values of the rule's keys, in order, as JSON. */
  readonly key: string
  /** Field → value, for people. */
  readonly by: Readonly<Record<string, unknown>>
  /** Epoch milliseconds, a multiple of `lengthMs`. */
  readonly start: number
  readonly lengthMs: number
  /** Hits within any stretch of `lengthMs` that open the alert; 1 for a plain merge. */
  readonly count: number
  /** Of a merge: hits that one alert may stand for; a window with more has several alerts. Undefined: any number. */
  readonly limit?: number
  /** The value to count distinctly. */
  readonly distinct?: string
  /** True for a hit that may only complete the count, false for one that only adds to it; undefined: every hit does both. */
  readonly then?: boolean
}

/** What an alert says of the hits it stands for. */
export interface MergeSummary {
  readonly count: number
  /** Event time of the first and last hit, ISO 8601. */
  readonly first: string
  readonly last: string
  readonly by: Readonly<Record<string, unknown>>
  /** Record ids, the earliest first; at most 100. */
  readonly records: readonly string[]
  /** Fields that all these records share. */
  readonly common: Readonly<Record<string, unknown>>
  /** Path → the different values found, at most 20 each. */
  readonly differences: Readonly<Record<string, readonly unknown[]>>
}

/** An alert: plain data, one form everywhere. */
export interface Alert {
  /** hash(rule, record id or window, mode). */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly title: string
  readonly description: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly cluster: string
  readonly source: string
  readonly schema: string
  readonly record: LogRecord
  readonly outputs: readonly string[]
  readonly context: Readonly<Record<string, unknown>>
  readonly staged: boolean
  readonly mergedFrom?: MergeSummary
  /** The id of the alert that this one brings up to date, once its window has closed. */
  readonly updates?: string
}
