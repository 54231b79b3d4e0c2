import type { NormalisePath, ParserUse, Schema, TypedSchema } from './contracts/index.ts'
import { CodedError } from './errors.ts'
import type { Fields, RecordOf } from './fields/spec.ts'

/** What a schema's author writes; see `Schema` for the meaning of each option. */
export interface SchemaOptions<F extends Fields> {
  readonly name: string
  readonly description: string
  /** `json()`, `json({ path: 'Records[*]' })`, `csv({ … })`, … */
  readonly parse: ParserUse
  readonly fields: F
  readonly envelope?: Fields
  readonly time?: string
  readonly patterns?: Readonly<Record<string, string | readonly string[]>>
  readonly priority?: number
  readonly extraFields?: 'keep' | 'reject'
  /** A path, several, or paths with conditions. */
  readonly normalise?: Readonly<Record<string, string | NormalisePath | readonly (string | NormalisePath)[]>>
  readonly sensitive?: readonly string[]
  readonly samples?: readonly string[]
}

const namePattern = /^[a-z0-9][a-z0-9_.-]*(:[a-z0-9][a-z0-9_.-]*)?$/

/**
 * Declares a log type. The record's type, for rules, follows from `fields`.
 * Throws SCHEMA_INVALID for a name that is not `vendor` or `vendor:type`.
 */
export function defineSchema<const F extends Fields>(options: SchemaOptions<F>): TypedSchema<RecordOf<F>> {
  if (!namePattern.test(options.name)) {
    throw new CodedError(
      'SCHEMA_INVALID',
      `"${options.name}" is not a schema name: write vendor or vendor:type in lower case.`,
    )
  }
  const { name, description, parse, fields } = options
  return {
    name,
    description,
    parse,
    fields,
    ...(options.envelope && { envelope: options.envelope }),
    ...(options.time !== undefined && { time: options.time }),
    ...(options.patterns && { patterns: options.patterns }),
    priority: options.priority ?? 0,
    extraFields: options.extraFields ?? 'keep',
    normalise: normalisePaths(options.normalise ?? {}),
    sensitive: options.sensitive ?? [],
    samples: options.samples ?? [],
  } satisfies Schema
}

function normalisePaths(given: NonNullable<SchemaOptions<Fields>['normalise']>): Schema['normalise'] {
  return Object.fromEntries(
    Object.entries(given).map(([type, paths]) => {
      const several = typeof paths === 'string' || 'path' in paths ? [paths] : paths
      return [type, several.map((path) => (typeof path === 'string' ? { path } : path))]
    }),
  )
}
