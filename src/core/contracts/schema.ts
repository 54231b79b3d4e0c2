import type { Fields } from '../fields/spec.ts'
import type { ParserUse } from './parser.ts'

/** Takes the value at `path` when the condition holds. Paths go through objects, lists (each element) and maps. */
export interface NormalisePath {
  readonly path: string
  readonly when?: {
    readonly path: string
    readonly is?: string | readonly string[]
    readonly not?: string | readonly string[]
    readonly contains?: string
    readonly notContains?: string
  }
}

/** A log type: how its text is parsed, which fields it has, and what they mean. */
export interface Schema {
  /** `vendor` or `vendor:type`, such as `cloudtrail:events`. */
  readonly name: string
  readonly description: string
  readonly parse: ParserUse
  readonly fields: Fields
  /** Fields beside the record (`envelope` of the parser), same notation. */
  readonly envelope?: Fields
  /** Path of the event time within the record. */
  readonly time?: string
  /** Globs that fields must match (`envelope.` reaches the envelope); all fields must hold, within a field any. */
  readonly patterns?: Readonly<Record<string, string | readonly string[]>>
  /** Higher is tried first. Default 0; among equals, what reads JSON comes first, then what demands more, then the name. */
  readonly priority: number
  /** `keep` (default): unknown fields stay and are counted as drift. `reject`: the schema does not take the record. */
  readonly extraFields: 'keep' | 'reject'
  /** Semantic name → where its values stand. */
  readonly normalise: Readonly<Record<string, readonly NormalisePath[]>>
  /** Paths whose values are shown as `•••` in terminals and logs. */
  readonly sensitive: readonly string[]
  /** A valid record or more, for tests and for `override` in rule tests: raw texts. */
  readonly samples: readonly string[]
}

/** A schema that remembers the type of its records, for rules. The base `Schema` stays free of it so that mixed lists type-check. */
export interface TypedSchema<D> extends Schema {
  /** Never set: carries the type. */
  readonly record?: D
}
