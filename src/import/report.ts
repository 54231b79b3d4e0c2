import type { Place } from '../core/errors.ts'

/** What became of one thing of the predecessor's. */
export type Result = 'converted' | 'changed' | 'not-convertible'

/** A test event that describes a rule. */
export interface RuleEvent {
  readonly description: string
  /** Whether the rule was to raise an alert. */
  readonly alerts: boolean
  /** The file of the new project that holds the event. */
  readonly file: string
}

/** One line of the report. */
export interface Entry {
  /** `schema`, `source`, `rule`, `output`, `test event`, … */
  readonly what: string
  readonly name: string
  readonly result: Result
  /** Where it stands, the file relative to the predecessor's folder. */
  readonly from: Place
  /** The file of the new project that holds it now. */
  readonly to?: string
  /** What changed, or why it could not be converted. */
  readonly notes: readonly string[]
  /** Of a rule: the rule of the built-in library that bears its name. */
  readonly library?: string
  /** Of a rule: the events that describe it. */
  readonly events?: readonly RuleEvent[]
}

/** An entry whose result follows from its notes: without any it is converted as it was. */
export const converted = (entry: Omit<Entry, 'result'>): Entry => ({
  ...entry,
  result: entry.notes.length === 0 ? 'converted' : 'changed',
})

export const notConvertible = (what: string, name: string, from: Place, ...notes: string[]): Entry => ({
  what,
  name,
  result: 'not-convertible',
  from,
  notes,
})
