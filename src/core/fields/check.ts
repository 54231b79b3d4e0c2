/** What a check found: `rejected`, or the sum of what is left to do with the value. */
export const rejected = -1
export const accepted = 0
/** Some value is written in another type than its own: `coerce` gives it that. */
export const coerces = 1
/** There are fields that the schema does not know. */
export const drifts = 2

/** Why a value does not fit. */
export interface Fault {
  /** Path of the field, such as `userIdentity.arn` or `resources[2].ARN`. Empty: the value itself. */
  readonly field: string
  readonly message: string
}

/** Stands for a text or a number that is not known yet: what takes any text or number takes it. */
export const unknownScalar = Symbol('unknown scalar')

/** A compiled field. Nothing here throws, whatever the value. */
export interface Check {
  /** True: `test` accepts any text. Spares a call for most values of most records. */
  readonly anyText?: boolean
  /** True: `test` accepts any integer that a double holds. */
  readonly anyInteger?: boolean
  /** `rejected`, or the sum of `coerces` and `drifts` where they apply. Allocates nothing. */
  test(value: unknown): number
  /** Tells of the scalars within a value which checks they meet. */
  scalars(value: unknown, path: readonly (string | number)[], meets: Meets): void
  /** The value in its own type, containers changed in place; undefined: absent. Only for what `test` took. */
  coerce(value: unknown): unknown
  /** The first fault in the order of the schema, or undefined. */
  fault(value: unknown, path: string): Fault | undefined
  /** Adds the paths of unknown fields, at most `maxDrift` of them, each once. */
  drift(value: unknown, path: string, found: string[]): void
}

/** `check`: of the scalar at `path`. */
export type Meets = (path: readonly (string | number)[], check: Check) => void

/** An object or a map, as JSON has it. */
export { isPlainObject as isObject } from '../plain.ts'

export const joinPath = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)

/** `expected an integer, found other text`: kinds, never values, which may be secret. */
export const expected = (what: string, value: unknown) => `expected ${what}, found ${kindOf(value)}`

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value === '') return 'empty text'
  if (typeof value === 'string') return 'other text'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Sets an own property, also one called `__proto__`; undefined removes it. */
export function assign(object: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete object[key]
  else if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
