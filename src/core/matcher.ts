import type { Matcher, RuleContext, TypedSchema } from './contracts/index.ts'
import type { AnyRecord, RecordOfSchemas } from './rule-options.ts'
import { type CompiledWhere, compileWhere } from './where/compile.ts'
import type { Where } from './where/types.ts'

/** A function of the record, shared by rules. */
export type Predicate<D, C = RuleContext> = (record: D, context: C) => boolean

/** Declared conditions, shared by rules. They are indexed as those of a rule's own `where`. */
export interface WhereMatcher<D> {
  readonly where: CompiledWhere
  /** Never set: carries the type. It fits every rule whose records are of it. */
  readonly fits?: (record: D) => void
}

/** What `matchers` of a rule may hold. */
export type RuleMatcher<D, C = RuleContext> = Predicate<D, C> | WhereMatcher<D>

type SchemasOf<S> = S extends readonly TypedSchema<unknown>[]
  ? S
  : S extends TypedSchema<unknown>
    ? readonly [S]
    : never

/**
 * A predicate for several rules. Conditions and functions are typed by the log types that come first; without them the
 * conditions may name any field.
 *
 *   export const byRoot = matcher(cloudtrailEvents, { 'userIdentity.type': 'Root' })
 *   export const fromOutside = matcher(cloudtrailEvents, (record) => !inCidr(record.sourceIPAddress, office))
 *
 * Throws RULE_INVALID when the conditions are none.
 */
export function matcher<const S extends TypedSchema<unknown> | readonly TypedSchema<unknown>[]>(
  schemas: S,
  where: Where<RecordOfSchemas<SchemasOf<S>>>,
): WhereMatcher<RecordOfSchemas<SchemasOf<S>>>
export function matcher<const S extends TypedSchema<unknown> | readonly TypedSchema<unknown>[]>(
  schemas: S,
  test: Predicate<RecordOfSchemas<SchemasOf<S>>>,
): Predicate<RecordOfSchemas<SchemasOf<S>>>
export function matcher(where: Where<AnyRecord>): WhereMatcher<AnyRecord>
export function matcher(first: unknown, second: unknown = first): RuleMatcher<never> {
  return typeof second === 'function' ? (second as Predicate<never>) : { where: compileWhere(second) }
}

/** A rule's matcher in the form that runs. */
export function compileMatcher(given: RuleMatcher<never>): Matcher {
  return typeof given === 'function' ? { name: given.name, test: given } : { name: '', where: given.where }
}

/** True for what `matchers` may hold: rules also come from plain JavaScript. */
export function isMatcher(value: unknown): boolean {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && 'where' in value && typeof value.where === 'object'
}
