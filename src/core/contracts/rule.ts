import type { Field } from '../fields/spec.ts'
import type { Path } from '../paths.ts'
import type { CompiledWhere } from '../where/compile.ts'
import type { Publisher, PublisherNames } from './publisher.ts'
import type { Schema } from './schema.ts'

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** Lookup tables that a rule reads: name → the form of its values, in the notation of schemas. */
export type Lookups = Readonly<Record<string, Field>>

/** A rule that reads no table. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- no name, hence no table
export type NoLookups = Record<never, Field>

/** Tables by name, each key → value. Plain data that crosses threads. */
export type Tables = ReadonlyMap<string, Table>
export type Table = ReadonlyMap<string, unknown>

/**
 * What a rule may know beside the record. Everything is data or a pure function: rules never wait.
 * `Values`: the tables that the rule declares, and the type of their values; without a declaration any name may be asked for.
 */
export interface RuleContext<Values = Readonly<Record<string, unknown>>> {
  readonly cluster: string
  readonly source: string
  readonly schema: string
  /** Event time. */
  readonly time: Date
  readonly receivedAt: Date
  readonly envelope: Readonly<Record<string, unknown>>
  /** Values of a semantic name, such as `source_ip`; an empty list when the record has none. */
  values(name: string): readonly string[]
  /**
   * The value that a lookup table holds under `key`; undefined when it holds none, or when there is no key.
   * Throws CONFIG_UNKNOWN_NAME when there is no such table: declare it in `lookups`, and it is found before anything runs.
   */
  lookup<T extends keyof Values & string>(table: T, key: string | number | null | undefined): Values[T] | undefined
}

/** One alert for all matches with equal `by` values within a window. Windows are aligned to the epoch (decision 0003). */
export interface MergePolicy {
  /** Paths of fields; a record that lacks one is not merged. */
  readonly by: readonly string[]
  readonly windowMs: number
  /** Matches that one alert may stand for. Undefined: any number. */
  readonly limit?: number
}

/** One alert for all matches with an equal key within a window; the same windows as those of a merge. */
export interface DedupPolicy {
  /** Paths of fields; empty when the key is computed (`Rule.dedup`). */
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
  /** Names of schemas; empty: any, as `types` say. */
  readonly schemas: readonly string[]
  /** Normalised types: it runs on the records that carry at least one of them. Empty: on all. */
  readonly types: readonly string[]
  /** Clusters it runs in; undefined: all. */
  readonly clusters?: readonly string[]
  readonly outputs: readonly string[]
  /** What speaks of its alerts. Undefined: the default publication. */
  readonly publishers?: PublisherNames
  readonly merge?: MergePolicy
  readonly dedup?: DedupPolicy
  readonly threshold?: ThresholdPolicy
  readonly tags: readonly string[]
  /** MITRE ATT&CK techniques, such as `T1078.004`. */
  readonly attack: readonly string[]
  readonly references: readonly string[]
  readonly runbook?: string
  readonly falsePositives: readonly string[]
  readonly owner?: string
  readonly enabled: boolean
  /** How it begins: staged, or false: live even where new rules are staged. Undefined: as the project says. */
  readonly staged?: StagingPolicy | false
}

/** A staged rule runs and stores its alerts, but sends none. When that ends by itself. */
export interface StagingPolicy {
  /** Milliseconds after which it is promoted by itself; undefined: only by hand. */
  readonly forMs?: number
  /** Alerts it may have raised by then. Default: the project's `staging.maxAlerts`. */
  readonly maxAlerts?: number
}

/** A predicate that rules share: declared conditions, or a function. */
export interface Matcher {
  /** Of the function, where it has one. */
  readonly name: string
  readonly where?: CompiledWhere
  readonly test?: (record: never, context: RuleContext) => boolean
}

/** A rule that can run. Functions are pure and synchronous. */
export interface Rule {
  readonly info: RuleInfo
  readonly schemas: readonly Schema[]
  /** Tables it declares. */
  readonly lookups: Lookups
  /** Fields that must be there; null is there. */
  readonly requires: readonly Path[]
  /** Declared conditions; they are tried before `match`, and both must hold. A rule has at least one of the two. */
  readonly where?: CompiledWhere
  /** All must hold; tried after `where` and before `match`. */
  readonly matchers: readonly Matcher[]
  readonly match?: (record: never, context: RuleContext) => boolean
  readonly title?: (record: never, context: RuleContext) => string
  readonly severity?: (record: never, context: RuleContext) => Severity
  readonly context?: (record: never, context: RuleContext) => Readonly<Record<string, unknown>>
  /** Further outputs, computed. */
  readonly route?: (record: never, context: RuleContext) => readonly string[]
  /** The key of a dedup, where it is computed. */
  readonly dedup?: (record: never, context: RuleContext) => string
  readonly then?: (record: never, context: RuleContext) => boolean
  /** Those that `info.publishers` names. */
  readonly publishers: readonly Publisher[]
}
