import type { Normalised, NormalisePath, Schema } from './contracts/index.ts'
import { compileSome } from './paths.ts'

/** The normalised values of a record, or undefined when it has none. Never throws, whatever the record holds. */
export type Normalise = (data: unknown, envelope?: unknown) => Normalised | undefined

/**
 * Compiles a schema's `normalise`. Values are texts: numbers and booleans become their text, a list gives each of its
 * elements; null, empty text and objects give nothing. Each value is given once, in the order of paths.
 */
export function compileNormalise(schema: Pick<Schema, 'normalise'>): Normalise {
  const types = Object.entries(schema.normalise).map(([type, paths]) => ({ type, paths: paths.map(compileOne) }))
  if (types.length === 0) return () => undefined
  return (data, envelope) => {
    let found: Record<string, readonly string[]> | undefined
    for (const { type, paths } of types) {
      const values = new Set<string>()
      for (const path of paths) path(data, envelope, values)
      if (values.size > 0) (found ??= {})[type] = [...values]
    }
    return found
  }
}

type Collect = (data: unknown, envelope: unknown, values: Set<string>) => void

function compileOne({ path, when }: NormalisePath): Collect {
  const some = compileSome(path)
  const holds = when ? compileCondition(when) : () => true
  return (data, envelope, values) => {
    if (holds(data, envelope)) some(data, envelope, (value) => addTexts(value, values))
  }
}

/**
 * All parts that are given must hold; upper and lower case are the same. A condition on a path that has no value does
 * not hold, not even as `not`: a record that does not say is no evidence.
 */
function compileCondition(when: NonNullable<NormalisePath['when']>): (data: unknown, envelope: unknown) => boolean {
  const some = compileSome(when.path)
  const is = when.is === undefined ? undefined : lowered(when.is)
  const not = when.not === undefined ? undefined : lowered(when.not)
  const contains = when.contains?.toLowerCase()
  const notContains = when.notContains?.toLowerCase()
  return (data, envelope) => {
    const texts = new Set<string>()
    some(data, envelope, (value) => addTexts(value, texts))
    const values = [...texts].map((text) => text.toLowerCase())
    if (values.length === 0) return false
    if (is && !values.some((value) => is.has(value))) return false
    if (not && values.some((value) => not.has(value))) return false
    if (notContains !== undefined && values.some((value) => value.includes(notContains))) return false
    return contains === undefined || values.some((value) => value.includes(contains))
  }
}

const lowered = (texts: string | readonly string[]) => new Set([texts].flat().map((text) => text.toLowerCase()))

/** Always false: go on to the next value. */
function addTexts(value: unknown, texts: Set<string>): false {
  if (Array.isArray(value)) for (const inner of value) addText(inner, texts)
  else addText(value, texts)
  return false
}

function addText(value: unknown, texts: Set<string>): void {
  const text = textOf(value)
  if (text !== undefined && text !== '') texts.add(text)
}

/** The text of a value as logs would write it; undefined for null, lists and objects. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
