import type { Lookups, NoLookups, RuleContext, Severity, TypedSchema } from './contracts/index.ts'
import type { Duration } from './duration.ts'
import type { Field, TypeOf } from './fields/spec.ts'
import type { RuleMatcher } from './matcher.ts'
import type { PublisherChoice } from './publishing/choice.ts'
import type { PathOf, Where } from './where/types.ts'

/** A record of which nothing is known. */
export type AnyRecord = Readonly<Record<string, unknown>>

/** The record that a rule on these schemas sees; `AnyRecord` where they do not say. */
export type RecordOfSchemas<S extends readonly TypedSchema<unknown>[]> = S extends readonly TypedSchema<infer D>[]
  ? unknown extends D
    ? AnyRecord
    : D
  : never

/** What a rule's author writes. All functions are pure and synchronous: they see the record and decide. */
export interface RuleOptions<S extends readonly TypedSchema<unknown>[], L extends Lookups = NoLookups> {
  /** Lower case with dashes, unique in the project. */
  readonly name: string
  /** What happened, for the person who gets the alert. */
  readonly description: string
  readonly severity: Severity | Computed<S, L, Severity>
  /** Log types it looks at. The record's type follows from them. May be left out where `types` are given. */
  readonly schemas?: S
  /**
   * Normalised types, such as `source_ip`: it runs on exactly the records that carry at least one of them, whatever their
   * log type. `context.values('source_ip')` gives the values. With `schemas` both must hold.
   */
  readonly types?: readonly string[]
  /** Clusters it runs in. Default: all. */
  readonly clusters?: readonly string[]
  /** Outputs, `kind:name`. Default: the project's `defaults.outputs`. */
  readonly outputs?: readonly string[]
  /** Further outputs, from the record. */
  readonly route?: Computed<S, L, readonly string[]>
  /**
   * What says how its alerts are told: publishers, one after the other, for every output, or by kind of output or output
   * (`{ slack: [summary], 'pagerduty-v2:on-call': [brief] }`; `*`: every one). Default: the default publication.
   */
  readonly publishers?: PublisherChoice
  /** Lookup tables it reads with `context.lookup`, each with the form of its values in the notation of schemas. */
  readonly lookups?: L
  /** Fields that must be there. Null is there; absence is not. Through a list: some element has it. */
  readonly requires?: readonly PathOf<RecordOfSchemas<S>>[]
  /** Declared conditions. They are indexed: a thousand rules that have them cost little more than ten. */
  readonly where?: Where<RecordOfSchemas<S>>
  /** Predicates that rules share, functions or made by `matcher`. All must hold; tried after `where`, before `match`. */
  readonly matchers?: readonly RuleMatcher<RecordOfSchemas<S>, RuleContext<ValuesOf<NoInfer<L>>>>[]
  /** Anything that TypeScript can decide; called only for records for which all before it holds. */
  readonly match?: Computed<S, L, boolean>
  readonly title?: Computed<S, L, string>
  readonly context?: Computed<S, L, Readonly<Record<string, unknown>>>
  /**
   * One alert for all matches with equal values of `by` within the window; the first leaves at once, the rest as one update.
   * A record that lacks one of the fields alerts by itself. With `limit`, an alert stands for at most so many matches: the next
   * one opens another alert of the same window.
   */
  readonly merge?: {
    readonly by: readonly PathOf<RecordOfSchemas<S>>[]
    readonly window: Duration
    readonly limit?: number
  }
  /**
   * The same thing again is no new alert: a match with the key of an open alert brings that one up to date when its window
   * closes. The windows are those of `merge`; what differs is the key. It may be computed, and a field that is absent is a
   * value like any other, so that every match has a key.
   */
  readonly dedup?: {
    readonly by: readonly PathOf<RecordOfSchemas<S>>[] | Computed<S, L, string>
    readonly window: Duration
  }
  /**
   * Alerts when `count` matches with equal values of `per` lie within `window`; with `distinct`, that many different values
   * of it; with `then`, when a match for which `then` holds follows `count` matches for which it does not.
   */
  readonly threshold?: {
    readonly count: number
    readonly per: readonly PathOf<RecordOfSchemas<S>>[]
    readonly window: Duration
    readonly distinct?: PathOf<RecordOfSchemas<S>>
    readonly then?: Computed<S, L, boolean>
  }
  readonly tags?: readonly string[]
  /** MITRE ATT&CK techniques (https://attack.mitre.org), such as `T1078.004`. */
  readonly attack?: readonly string[]
  readonly references?: readonly string[]
  /** What to do when it fires. */
  readonly runbook?: string
  /** What else may fire it: a sentence each. */
  readonly falsePositives?: readonly string[]
  /** The team that answers for it. */
  readonly owner?: string
  readonly enabled?: boolean
  /**
   * It begins staged: it runs and stores its alerts, but sends none. `true`: until it is promoted by hand; `'48h'`: until
   * then, if it raised no more than `maxAlerts` (default: the project's `staging.maxAlerts`). False: never, also where the
   * project stages new rules.
   */
  readonly staged?: boolean | Duration | { readonly for: Duration; readonly maxAlerts?: number }
}

type Computed<S extends readonly TypedSchema<unknown>[], L extends Lookups, T> = (
  record: RecordOfSchemas<S>,
  context: RuleContext<ValuesOf<NoInfer<L>>>,
) => T

/** Table → the type of its values; `unknown` where the declaration is not known to the compiler. */
type ValuesOf<L extends Lookups> = { readonly [T in keyof L]: Field extends L[T] ? unknown : TypeOf<L[T]> }
