/**
 * The notation in which schemas state their fields, and the TypeScript type that a rule sees.
 *
 *   fields: {
 *     eventName: 'string',                     must be there
 *     errorCode: 'string?',                    may be absent or null
 *     userIdentity: { type: 'string', arn: 'string?' },
 *     resources: optional(list({ ARN: 'string?' })),
 *     columns: map('string'),
 *   }
 *
 * `'T?'` is short for optional(nullable('T')): absent or null, as logs use both for "nothing".
 */
export type Scalar = 'string' | 'integer' | 'float' | 'boolean' | 'timestamp' | 'ip' | 'json'

export interface List<T extends Field = Field> {
  readonly kind: 'list'
  readonly of: T
}
export interface FieldMap<T extends Field = Field> {
  readonly kind: 'map'
  readonly of: T
}
/** May be absent. */
export interface Optional<T extends Field = Field> {
  readonly kind: 'optional'
  readonly of: T
}
/** May be null. */
export interface Nullable<T extends Field = Field> {
  readonly kind: 'nullable'
  readonly of: T
}

export type Field = Scalar | `${Scalar}?` | List | FieldMap | Optional | Nullable | Fields

/** Field name → its type. A field itself named `kind` is fine unless its value is one of the four wrapper names. */
export interface Fields {
  readonly [name: string]: Field
}

export const list = <const T extends Field>(of: T): List<T> => ({ kind: 'list', of })
export const map = <const T extends Field>(of: T): FieldMap<T> => ({ kind: 'map', of })
export const optional = <const T extends Field>(of: T): Optional<T> => ({ kind: 'optional', of })
export const nullable = <const T extends Field>(of: T): Nullable<T> => ({ kind: 'nullable', of })
/** May be absent or null: what `'T?'` is for scalars. */
export const maybe = <const T extends Field>(of: T): Optional<Nullable<T>> => optional(nullable(of))

type ScalarType<S> = S extends 'integer' | 'float'
  ? number
  : S extends 'boolean'
    ? boolean
    : S extends 'json'
      ? unknown
      : string

type IsOptional<F> = F extends `${Scalar}?` | Optional ? true : false

type Shape<F extends Fields> = {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? never : K]: TypeOf<F[K]>
} & {
  readonly [K in keyof F as IsOptional<F[K]> extends true ? K : never]?: TypeOf<F[K]> | undefined
}

/** The type of a value that a field takes. */
export type TypeOf<F> = F extends `${infer S}?`
  ? ScalarType<S> | null
  : F extends Scalar
    ? ScalarType<F>
    : F extends List<infer T>
      ? readonly TypeOf<T>[]
      : F extends FieldMap<infer T>
        ? { readonly [key: string]: TypeOf<T> }
        : F extends Optional<infer T>
          ? TypeOf<T>
          : F extends Nullable<infer T>
            ? TypeOf<T> | null
            : F extends Fields
              ? Shape<F>
              : never

/** The type of a record with these fields. */
export type RecordOf<F extends Fields> = Shape<F>

const wrappers = new Set(['list', 'map', 'optional', 'nullable'])

/** True for list(…), map(…), optional(…), nullable(…); false for a nested object of fields. */
export function isWrapper(field: Field): field is List | FieldMap | Optional | Nullable {
  return typeof field === 'object' && typeof field.kind === 'string' && wrappers.has(field.kind) && 'of' in field
}
