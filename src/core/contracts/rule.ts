import type { CompiledWhere } from '../where/compile.ts'
import type { Schema } from './schema.ts'

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** What a rule may know beside the record. Everything is data or a pure function: rules never wait. */
export interface RuleContext {
  readonly cluster: string
  readonly source: string
  readonly schema: string
  /** Event time. */
  readonly time: Date
  readonly receivedAt: Date
  readonly envelope: Readonly<Record<string, unknown>>
  /** Values of a semantic name, such as `source_ip`; an empty list when the record has none. */
  values(name: string): readonly string[]
}

/** One alert for all matches with equal `by` values within a window. Windows are aligned to the epoch (decision 0003). */
export interface MergePolicy {
  /** Paths of fields; a record that lacks one is not merged. */
  readonly by: readonly string[]
  readonly windowMs: number
}

/** Alerts when `count` matches with equal `per` values lie within `windowMs` of event time. */
export interface ThresholdPolicy {
  readonly count: number
  readonly per: readonly string[]
  readonly windowMs: number
  /** Counts distinct values of this path instead of matches. */
  readonly distinct?: string
  /** With `then`: alerts when a match for which it holds follows at least `count` matches for which it does not. */
  readonly then?: boolean
}

/** A rule as plain data: all of it that is not a function. What the engine outside the workers knows of a rule. */
export interface RuleInfo {
  readonly name: string
  readonly description: string
  readonly severity: Severity
  /** Names of schemas. */
  readonly schemas: readonly string[]
  /** Clusters it runs in; undefined: all. */
  readonly clusters?: readonly string[]
  readonly outputs: readonly string[]
  readonly merge?: MergePolicy
  readonly threshold?: ThresholdPolicy
  readonly tags: readonly string[]
  /** MITRE ATT&CK techniques, such as `T1078.004`. */
  readonly attack: readonly string[]
  readonly references: readonly string[]
  readonly runbook?: string
  readonly falsePositives: readonly string[]
  readonly owner?: string
  readonly enabled: boolean
  /** Runs and stores its alerts, but sends none. */
  readonly staged: boolean
}

/** A rule that can run. Functions are pure and synchronous. */
export interface Rule {
  readonly info: RuleInfo
  readonly schemas: readonly Schema[]
  /** Declared conditions; they are tried before `match`, and both must hold. A rule has at least one of the two. */
  readonly where?: CompiledWhere
  readonly match?: (record: never, context: RuleContext) => boolean
  readonly title?: (record: never, context: RuleContext) => string
  readonly severity?: (record: never, context: RuleContext) => Severity
  readonly context?: (record: never, context: RuleContext) => Readonly<Record<string, unknown>>
  /** Further outputs, computed. */
  readonly route?: (record: never, context: RuleContext) => readonly string[]
  readonly then?: (record: never, context: RuleContext) => boolean
}
