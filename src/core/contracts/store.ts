import type { Alert } from './alert.ts'
import type { Count, FrameResult, QuarantineEntry } from './evaluation.ts'
import type { StateEntry } from './delivery.ts'

/** Results that become durable together. */
export interface Commit {
  readonly results: readonly FrameResult[]
  readonly state: readonly StateEntry[]
  /** Epoch milliseconds. */
  readonly now: number
  /** What outputs are told singly; see `RateLimit`. Outputs that are not in it are told everything. */
  readonly rates?: RateLimits
}

/**
 * What one output is told singly within a window, in alerts; the surplus is stored as `digested`, and told by one digest when
 * the window has ended. Windows are aligned to the epoch, and an alert belongs to the one in which it is stored
 * (docs/decisions/0009-rate-limits.md).
 */
export interface RateLimit {
  readonly windowMs: number
  /** Of one rule. */
  readonly perRule: number
  /** Of all rules. */
  readonly perOutput: number
}

/** Output `kind:name` → its limit. */
export type RateLimits = ReadonlyMap<string, RateLimit>

/** What a commit or a closing of windows brought forth. */
export interface Committed {
  /** New alerts, in the order of their creation. */
  readonly alerts: readonly Alert[]
  /** Hits that joined an alert which is already open: alert id → how many. */
  readonly joined: ReadonlyMap<string, number>
  /** From `closeWindows`: when the next open window may close (epoch milliseconds), where the store can tell. */
  readonly nextClose?: number
  /** From `closeWindows`: there are more to close now, and a further call does it. So a flood is never in memory as a whole. */
  readonly more?: boolean
}

/** One alert to one output, under a lease. */
export interface Claim {
  readonly alert: Alert
  readonly output: string
  /** How often it was tried before. */
  readonly attempts: number
  /** The end of the lease, epoch milliseconds. */
  readonly lease: number
  /** When the alert was stored, epoch milliseconds: the age limit counts from here. */
  readonly storedAt: number
  /**
   * For an update: the receipt of the alert that it updates, from the same output; where that one has none, the first that
   * an earlier update of it got there.
   */
  readonly earlier?: string
}

/**
 * - `pending`: to be sent, perhaps under a lease. `sent`: the far end has it; final.
 * - `dead`: given up; waits for a person. `digested`: not sent, for a rate limit was reached; a digest tells of it.
 */
export type DeliveryState = 'pending' | 'sent' | 'dead' | 'digested'

/**
 * What became of a claim. `retryAt`: try again then (epoch milliseconds). `pending` with an error: a try that failed;
 * `pending` without one: given back untried, or, for a dead delivery, brought to life again.
 */
export interface Settlement {
  readonly alert: string
  readonly output: string
  readonly state: Exclude<DeliveryState, 'digested'>
  /** `pending` and `dead` count only while this lease is the latest: whoever was too late does not disturb the next one. */
  readonly lease?: number
  readonly retryAt?: number
  readonly error?: string
  /** With `sent`: what the output answered, for updates of the alert. */
  readonly receipt?: string
}

/** Alerts and their deliveries. */
export interface AlertStore {
  /**
   * Stores the results, idempotent by hit id (and `seenAs`) and quarantine id, folds hits into alerts and adds one pending delivery per
   * output, or a digested one where the output's rate is reached. Alerts of staged rules and backtests get none. One
   * transaction where the store has them.
   *
   * An update goes the way of the alert that it updates, and is not counted: digested where that one was, else pending, and
   * claimed only after all that is pending of the same alert and its earlier updates to this output.
   */
  commit(commit: Commit): Promise<Committed>
  /**
   * Closes each window that ended, and had its last hit, at least `latenessMs` before `now`; `all`: every window. Emits its
   * update if it holds more hits than were told.
   */
  closeWindows(options: { now: number; latenessMs: number; all: boolean; rates?: RateLimits }): Promise<Committed>
  /**
   * Raises one digest for each output and window of a rate limit that has ended and holds digested alerts which were not told;
   * `all`: also for windows that have not ended. What comes later in the same window makes a further digest, an update of the
   * first. Digests are alerts: stored, sent, and never digested themselves. `nextClose`: when the next window ends that has
   * something to tell.
   */
  raiseDigests(options: { now: number; all: boolean }): Promise<Committed>
  /**
   * Leases up to `limit` due deliveries of one output until `now + leaseMs`: two dispatchers never share one, and one that
   * was not settled by then is given out again. Rules take turns, so that no rule's flood delays another's alert; within a
   * rule the oldest goes first.
   */
  claim(options: { output: string; now: number; limit: number; leaseMs: number }): Promise<readonly Claim[]>
  /**
   * Writes down what became of claims. `sent` is final: whatever is settled later for the same pair is ignored.
   * `pending` with an `error` is a try that failed; without one, it gives a claim back untried, or puts a dead delivery back
   * in line, with its tries and its age counted anew.
   *
   * Updates that waited for a delivery may be claimed once it is sent or dead.
   */
  settle(settlements: readonly Settlement[], now: number): Promise<void>
  /** Outputs with deliveries that are not yet sent, and when the earliest is due (epoch milliseconds). */
  due(): Promise<readonly { readonly output: string; readonly count: number; readonly at: number }[]>
  /** The newest first. */
  alerts(query: AlertQuery): Promise<readonly StoredAlert[]>
  /** How many alerts fit the query, at most `limit`. Updates are not counted: they are of an alert that is. */
  countAlerts(query: AlertQuery): Promise<number>
  /** By id, or by a prefix of at least 4 characters when only one alert has it. */
  alert(id: string): Promise<StoredAlert | undefined>
  /** Dead deliveries, those that died last first. */
  deadDeliveries(query: DeadQuery): Promise<readonly DeadDelivery[]>
  /**
   * Alerts of all kinds in the order in which they were stored, from behind `after` on (0: from the first): for whoever reads
   * all of them with a cursor. `last`: the cursor behind the last one given, or `after`. No alert is ever stored at or before
   * a cursor that was given.
   */
  alertsAfter(after: number, limit: number): Promise<{ readonly alerts: readonly Alert[]; readonly last: number }>
  /** The cursor behind the newest alert. */
  lastAlert(): Promise<number>
}

export interface DeadQuery {
  readonly output?: string
  readonly rule?: string
  /** Of this alert: its id. */
  readonly alert?: string
  /** Died before, epoch milliseconds. */
  readonly before?: number
  readonly limit: number
  /** Of those that fit, so many of the first are left out: for the next page. What comes in between pushes others back. */
  readonly skip?: number
}

/** A delivery that was given up. */
export interface DeadDelivery {
  readonly alert: Alert
  readonly output: string
  readonly attempts: number
  readonly error: string
  /** When the alert was stored, and when its delivery was given up; epoch milliseconds. */
  readonly storedAt: number
  readonly at: number
}

export interface AlertQuery {
  readonly rule?: string
  readonly cluster?: string
  readonly severity?: string
  /** Created at or after, epoch milliseconds. */
  readonly since?: number
  readonly staged?: boolean
  /** Those that a digest stands for: its output, and the end of its window. */
  readonly digested?: { readonly output: string; readonly until: number }
  readonly limit: number
  /** Of those that fit, so many of the first are left out: for the next page. What comes in between pushes others back. */
  readonly skip?: number
}

export interface StoredAlert {
  readonly alert: Alert
  readonly deliveries: readonly {
    readonly output: string
    readonly state: DeliveryState
    readonly attempts: number
    readonly error?: string
    readonly at?: number
    /** What the output answered. */
    readonly receipt?: string
  }[]
}

/** Quarantined records and verdicts. */
export interface QuarantineStore {
  /** The newest first. */
  quarantine(query: QuarantineQuery): Promise<readonly QuarantineEntry[]>
  /**
   * Counts by kind, reason, nearest schema or rule, with the newest as a sample; the largest group first. `light`: nobody looks
   * at the bytes of samples.
   */
  quarantineGroups(options?: Pick<QuarantineQuery, 'light'>): Promise<readonly QuarantineGroup[]>
  /** Removes entries that were retried with success, and counts them as retried. */
  release(ids: readonly string[]): Promise<void>
}

export interface QuarantineQuery {
  /** An id, or a prefix of at least 4 characters. */
  readonly id?: string
  /** These and no others; whole ids. */
  readonly ids?: readonly string[]
  readonly kind?: QuarantineEntry['kind']
  readonly reason?: string
  readonly schema?: string
  readonly rule?: string
  readonly limit: number
  /** Of those that fit, so many of the first are left out: for the next page. What comes in between pushes others back. */
  readonly skip?: number
  /** Nobody looks at the bytes: where reading them costs, `raw` is empty. */
  readonly light?: true
}

export interface QuarantineGroup {
  readonly kind: QuarantineEntry['kind']
  readonly reason: string
  /** Nearest schema, or the rule of a verdict. */
  readonly about?: string
  readonly count: number
  readonly sample: QuarantineEntry
}

/** Small named values: checkpoints, cursors. */
export interface StateStore {
  get(key: string): Promise<string | undefined>
  /** With `ifEquals`, only when the present value equals it (undefined: when there is none); answers whether it was set. */
  set(key: string, value: string, condition?: { readonly ifEquals: string | undefined }): Promise<boolean>
  /** Entries whose key begins with `prefix`, by key. */
  list(prefix: string): Promise<readonly StateEntry[]>
  delete(keys: readonly string[]): Promise<void>
}

/** Counters, summed since the store was made (or their retention), with the time of the last addition. */
export interface StatsStore {
  counts(metric?: string): Promise<readonly (Count & { readonly at: number })[]>
  /** Rows and bytes kept, by table. */
  sizes(): Promise<Readonly<Record<string, number>>>
  /**
   * What is kept of alerts and deliveries, in numbers. `newest`: where all of them are too many to be looked at, only so many
   * of the newest alerts with their deliveries, and what waits or is dead; `since` says how far back that goes.
   */
  overview(options?: { readonly newest?: number }): Promise<Overview>
}

export interface Overview {
  /** Without updates of alerts; the most frequent first. */
  readonly alerts: readonly {
    readonly rule: string
    readonly severity: string
    readonly staged: boolean
    readonly count: number
  }[]
  /** By output, then state; the error is the latest of them. */
  readonly deliveries: readonly {
    readonly output: string
    readonly state: DeliveryState
    readonly count: number
    readonly error?: string
  }[]
  /** Older alerts, and what was sent of them, are not counted; epoch milliseconds. Undefined: all are. */
  readonly since?: number
}

/** Bounds on what is kept. Nothing that is still to be sent is swept. */
export interface Retention {
  readonly alertsMs: number
  readonly quarantineMs: number
  readonly hitsMs: number
  /** Of the whole store; the oldest go first: hits of closed windows, then quarantine, then sent alerts. */
  readonly maxBytes: number
}

/** Everything an embedded engine keeps. */
export interface Store extends AlertStore, QuarantineStore, StateStore, StatsStore {
  /** Removes what is past its retention; answers what went, by table. */
  sweep(retention: Retention, now: number): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}
