import type { Schema } from '../../core/contracts/index.ts'
import { type Field, type Fields, isWrapper } from '../../core/fields/spec.ts'
import { isPlainObject } from '../../core/plain.ts'
import type { Pool } from './pool.ts'

export type Step = string | number

/** A small change of a record: another value at a path, or with `undefined` none at all. */
export interface RecordEdit {
  readonly path: readonly Step[]
  readonly value: unknown
  /** What it does, where path and value do not say it well. */
  readonly words?: string
}

/** What changes are made from. */
export interface Material {
  readonly schema: Schema
  readonly pool: Pool
  /** Records of the rule's other cases. */
  readonly others: readonly unknown[]
  /** Fields that the rule's conditions name. */
  readonly paths: readonly (readonly string[])[]
}

/** Small changes of a record, likely ones first. */
export function* recordEdits(data: unknown, material: Material): Generator<RecordEdit> {
  const places = [...placesIn(data)]
  for (const { path } of places) yield { path, value: undefined }
  for (const { path, value } of places) {
    for (const other of distinct(material.others.map((one) => at(one, path)))) {
      if (!same(other, value)) yield { path, value: other }
    }
  }
  for (const { path, value } of places) for (const variant of nearTo(value)) yield { path, value: variant }
  for (const few of chunks(material.pool, 8)) {
    for (const { path, value } of places) for (const variant of made(value, few)) yield { path, value: variant }
  }
  yield* everywhereEdits(data, places, material.pool)
  for (const { path, field } of [...namedFields(material.paths), ...declaredFields(material.schema.fields)]) {
    if (at(data, path) === undefined) for (const value of valuesOf(field, material.pool)) yield { path, value }
  }
  for (const { path, value } of places) {
    if (!isPlainObject(value)) continue
    for (const name of material.pool.names) {
      if (!Object.hasOwn(value, name))
        for (const made of valuesOf('json', material.pool)) yield { path: [...path, name], value: made }
    }
  }
}

/** A value that stands in several places (`from` and `to`) replaced in all of them. */
function* everywhereEdits(data: unknown, places: readonly Place[], { texts, numbers }: Pool): Generator<RecordEdit> {
  const leaves = places.filter(({ value }) => typeof value === 'string' || typeof value === 'number')
  const repeated = distinct(leaves.map(({ value }) => value).filter((value, n, all) => all.indexOf(value) !== n))
  for (const value of repeated) {
    for (const other of typeof value === 'string' ? texts : numbers) {
      const changed = leaves
        .filter((leaf) => leaf.value === value)
        .reduce((record, { path }) => applyEdit(record, { path, value: other }), data)
      if (other !== value)
        yield { path: [], value: changed, words: `every ${JSON.stringify(value)} is ${JSON.stringify(other)}` }
    }
  }
}

/** A record with one change; the record itself stays. */
export function applyEdit(data: unknown, { path, value }: RecordEdit): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  const inner = applyEdit(at(data, [step]), { path: rest, value })
  if (Array.isArray(data)) return inner === undefined ? data.toSpliced(Number(step), 1) : data.with(Number(step), inner)
  const whole = isPlainObject(data) ? data : {}
  if (inner !== undefined) return { ...whole, [step]: inner }
  const { [step]: _, ...others } = whole
  return others
}

const deepest = 10

/** A value within a record. */
interface Place {
  readonly path: readonly Step[]
  readonly value: unknown
}

/** Everything within a record: what lies flat before what lies deep. */
function* placesIn(data: unknown): Generator<Place> {
  let level: Place[] = [{ path: [], value: data }]
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    if (depth > 0) yield* level
    level = level.flatMap(({ path, value }) =>
      childrenOf(value).map(([step, inner]) => ({ path: [...path, step], value: inner })),
    )
  }
}

function childrenOf(value: unknown): [Step, unknown][] {
  if (Array.isArray(value)) return value.map((inner, n) => [n, inner])
  return isPlainObject(value) ? Object.entries(value) : []
}

/** The value at a path. */
export function at(data: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, step)
        ? (found as Record<Step, unknown>)[step]
        : undefined,
    data,
  )
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const distinct = (values: readonly unknown[]) => [
  ...new Map(values.filter((value) => value !== undefined).map((value) => [JSON.stringify(value), value])).values(),
]

/** Parts of what a source talks of, the nearest first, each of `size` texts and numbers. */
function* chunks({ texts, numbers, names }: Pool, size: number): Generator<Pool> {
  for (let n = 0; n < Math.max(texts.length, numbers.length); n += size) {
    yield { texts: texts.slice(n, n + size), numbers: numbers.slice(n, n + size), names }
  }
}

/** Values that differ from one by little. */
function nearTo(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1, value - 1, 0, -value].filter((other) => other !== value)
  if (typeof value !== 'string') return []
  const near = [`${value}x`, `x${value}`, '', value.toUpperCase(), value.toLowerCase()]
  return distinct(near).filter((other) => other !== value)
}

/** Values of the same kind that are made of texts and numbers. */
function made(value: unknown, { texts, numbers }: Pool): unknown[] {
  if (typeof value === 'number') return numbers.filter((other) => other !== value)
  if (typeof value !== 'string') return []
  const within = texts.filter((text) => text.length > 1 && value.includes(text) && text !== value)
  const swapped = within.flatMap((text) => ['', ...texts].map((other) => value.replace(text, other)))
  const more = texts.flatMap((text) => [text, `${text}x`, `x${text}`, `${value} ${text}`])
  return distinct([...more, ...swapped, ...numbers.map(String)]).filter((other) => other !== value)
}

/** A field that a record may have. */
interface FieldPlace {
  readonly path: readonly string[]
  readonly field: string
}

const namedFields = (paths: readonly (readonly string[])[]): FieldPlace[] =>
  paths.map((path) => ({ path, field: 'json' }))

/** Fields of a schema that hold one value each. */
function declaredFields(fields: Fields, before: readonly string[] = []): FieldPlace[] {
  return Object.entries(fields).flatMap(([name, field]): FieldPlace[] => {
    const [path, inner] = [[...before, name], unwrapped(field)]
    if (typeof inner === 'string') return [{ path, field: inner.replace('?', '') }]
    return isWrapper(inner) ? [] : declaredFields(inner, path)
  })
}

function unwrapped(field: Field): Field {
  if (typeof field === 'string' || !isWrapper(field)) return field
  return field.kind === 'optional' || field.kind === 'nullable' ? unwrapped(field.of) : field
}

/** Values for a field that a record lacks. */
function valuesOf(field: string, { texts, numbers }: Pool): unknown[] {
  switch (field) {
    case 'string':
      return [...texts, 'x']
    case 'integer':
    case 'float':
      return [...numbers, 1, 0]
    case 'boolean':
      return [true, false]
    case 'ip':
      return ['192.0.2.1', '10.0.0.1', ...texts]
    case 'timestamp':
      return ['2026-01-01T00:00:00Z']
    default:
      return [...texts, 'x', true, false, ...numbers, 1]
  }
}
