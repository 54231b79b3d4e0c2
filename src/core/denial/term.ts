/** It is not known which value it is, nor whether there is one: to evaluate it may throw, or do something. */
export const unknown = Symbol('unknown')

/** What a chain comes to that ends at a `?.`: undefined, once the whole chain is left. */
export const skipped = Symbol('skipped')

/** Part of a predicate, as far as it is understood. */
export interface Term {
  /**
   * A primitive; or an object or a list of the record, whose content may be missing; or `unknown`; or `skipped`.
   * If it is not `unknown`, JavaScript comes to the same value, and does nothing else.
   */
  of(data: unknown): unknown
  /** Of all values that it looks at. */
  readonly paths: readonly string[]
  /** Which known values it may come to; none: it is always `unknown`. */
  readonly canBe: CanBe
  /** It may come to `skipped`. */
  readonly skips?: boolean
}

export interface CanBe {
  readonly false: boolean
  /** `false` among them. */
  readonly falsy: boolean
  readonly truthy: boolean
}

export const anything: CanBe = { false: true, falsy: true, truthy: true }

/** What is not understood. */
export const nothing: Term = { of: () => unknown, paths: [], canBe: { false: false, falsy: false, truthy: false } }

export const constant = (value: string | number | boolean | null | undefined): Term => ({
  of: () => value,
  paths: [],
  canBe: { false: value === false, falsy: !value, truthy: Boolean(value) },
})

/** `nothing`, where it is no more than that: nobody needs to read for it. */
export const unlessVain = (term: Term): Term => (term.canBe.falsy || term.canBe.truthy ? term : nothing)

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
