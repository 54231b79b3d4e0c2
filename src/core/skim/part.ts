import { type Check, coerces, rejected } from '../fields/check.ts'
import { compileSome } from '../paths.ts'
import { isPlainObject } from '../plain.ts'
import { type Leaf, kinds } from './outline.ts'

/** The text or number of a leaf. */
export type ValueOf = (leaf: Leaf) => unknown

/** Builds part of a record. */
export type Build = (valueOf: ValueOf) => Record<string, unknown>

/**
 * A record with `sample`'s outline as far as its leaves go: containers stand as they are, those that are leaves stand empty, and in the
 * place of each other leaf stands what `of` makes of it.
 */
export function outlined(
  sample: unknown,
  leaves: readonly Leaf[],
  of: (leaf: Leaf) => unknown,
): Record<string, unknown> {
  const byPath = new Map(leaves.map((leaf) => [JSON.stringify(leaf.path), leaf]))
  const copy = (value: unknown, path: readonly (string | number)[]): unknown => {
    const leaf = byPath.get(JSON.stringify(path))
    if (leaf) return leaf.kind === kinds.object ? {} : leaf.kind === kinds.list ? [] : of(leaf)
    if (Array.isArray(value)) return value.map((inner, at) => copy(inner, [...path, at]))
    if (!isPlainObject(value)) return undefined
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner, [...path, key])]))
  }
  return copy(sample, []) as Record<string, unknown>
}

/** The value of each leaf whose kind says it all. */
export const constantOf = ({ kind }: Leaf): boolean | null => (kind === kinds.null ? null : kind === kinds.true)

/**
 * Compiles what builds a record as it will be found at `paths` (of schemas: `envelope.` leads out of it), once coerced by the checks
 * of the schema. All else is left out.
 */
export function compilePart(
  sample: unknown,
  leaves: readonly Leaf[],
  paths: readonly string[],
  checkOf: ReadonlyMap<Leaf, Check>,
): Build {
  const marks = new Map<unknown, Leaf>()
  const marked = outlined(sample, leaves, (leaf) => {
    // No object: paths would lead into it.
    const mark = Symbol(leaf.path.join('.'))
    marks.set(mark, leaf)
    return mark
  })
  const found = new Set<unknown>()
  const find = (value: unknown): false => {
    found.add(value)
    if (Array.isArray(value)) for (const inner of value) find(inner)
    return false
  }
  for (const path of paths) compileSome(path)(marked, undefined, find)

  const compile = (value: unknown): ((valueOf: ValueOf) => unknown) | undefined => {
    const leaf = marks.get(value)
    if (leaf) return found.has(value) ? compileLeaf(leaf, checkOf.get(leaf)) : undefined
    if (Array.isArray(value)) return compileList(value.map(compile), found.has(value))
    return isPlainObject(value) ? compileObject(value, compile, found.has(value)) : undefined
  }
  return (compile(marked) ?? (() => ({}))) as Build
}

/** Whether a check accepts a leaf whatever its text or number is. */
export const takesAny = ({ anyText, anyInteger }: Check, { kind }: Leaf): boolean =>
  (anyText === true && kind === kinds.text) || (anyInteger === true && kind === kinds.integer)

type Compiled = ((valueOf: ValueOf) => unknown) | undefined

function compileLeaf(leaf: Leaf, check: Check | undefined): Compiled {
  const coerced = (value: unknown): unknown => {
    const verdict = check ? check.test(value) : rejected
    return verdict !== rejected && verdict & coerces ? check!.coerce(value) : value
  }
  if (leaf.slot < 0) {
    const constant = coerced(constantOf(leaf))
    return () => constant
  }
  if (!check || takesAny(check, leaf)) return (valueOf) => valueOf(leaf)
  return (valueOf) => coerced(valueOf(leaf))
}

function compileList(elements: readonly Compiled[], isFound: boolean): Compiled {
  if (!isFound && elements.every((element) => element === undefined)) return undefined
  return (valueOf) => elements.map((element) => element?.(valueOf) ?? null)
}

function compileObject(
  value: Record<string, unknown>,
  compile: (value: unknown) => Compiled,
  isFound: boolean,
): Compiled {
  const members = Object.entries(value).flatMap(([key, inner]) => {
    const build = compile(inner)
    return build ? [{ key, build }] : []
  })
  if (!isFound && members.length === 0) return undefined
  return (valueOf) => {
    const object: Record<string, unknown> = {}
    for (let n = 0; n < members.length; n++) {
      const { key, build } = members[n]!
      object[key] = build(valueOf)
    }
    return object
  }
}
