/** What many records have in common, and where they differ: the body of a merged alert. */
import type { LogRecord, MergeSummary } from '../contracts/index.ts'
import { isPlainObject } from '../plain.ts'

/** Bounds of a summary: it goes into messages for people. */
const limits = { records: 100, paths: 200, values: 20, characters: 256, depth: 32 } as const

/** The hits that an alert stands for. */
export interface Told {
  /** The rule's keys and their values: what all of them share anyway. */
  readonly by: Readonly<Record<string, unknown>>
  readonly count: number
  /** Event time of the first and the last, epoch milliseconds. */
  readonly first: number
  readonly last: number
  /** The earliest of their records, in order of time; stores pass at most `sampleSize`. */
  readonly records: readonly LogRecord[]
}

/** How many records a summary looks at; the rest is only counted. */
export const sampleSize = 1000

/** The summary. Keys of `by` are left out of `common` and `differences`; lists are compared as a whole. */
export function summarise(told: Told): MergeSummary {
  const known = new Set(Object.keys(told.by))
  const data = told.records.map((record) => record.data)
  const common = data.length === 0 ? empty() : data.slice(1).reduce(shared, without(data[0]!, known))
  return {
    count: told.count,
    first: iso(told.first),
    last: iso(told.last),
    by: told.by,
    records: told.records.slice(0, limits.records).map((record) => record.id),
    common,
    differences: differences(data, common, known),
  }
}

/** The furthest moments that a Date can hold (ECMA-262, 21.4.1.1), milliseconds. */
const furthest = 8.64e15

const iso = (time: number): string => new Date(Math.min(Math.max(time, -furthest), furthest)).toISOString()

type Data = Readonly<Record<string, unknown>>

/** No prototype: log data may have a field named `__proto__`. */
const empty = (): Record<string, unknown> => Object.create(null)

/** A copy of the objects in `data`, without the fields at the given paths. */
function without(data: Data, paths: ReadonlySet<string>, prefix = '', depth = 0): Data {
  const copy = empty()
  for (const [name, value] of Object.entries(data)) {
    const path = join(prefix, name)
    if (paths.has(path)) continue
    copy[name] = isPlainObject(value) && depth < limits.depth ? without(value, paths, path, depth + 1) : value
  }
  return copy
}

/** The fields of `common` that `data` holds with equal values. */
function shared(common: Data, data: Data, depth = 0): Data {
  const both = empty()
  for (const [name, value] of Object.entries(common)) {
    if (!Object.hasOwn(data, name)) continue
    const other = data[name]
    if (isPlainObject(value) && isPlainObject(other) && depth < limits.depth) {
      const inner = shared(value, other, depth + 1)
      if (Object.keys(inner).length > 0 || Object.keys(value).length === 0) both[name] = inner
    } else if (equal(value, other)) both[name] = value
  }
  return both
}

const equal = (one: unknown, other: unknown): boolean =>
  one === other ||
  (typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other))

/** Path → the different values that records hold there, for all that is not common. */
function differences(data: readonly Data[], common: Data, known: ReadonlySet<string>): Record<string, unknown[]> {
  const found = new Map<string, Map<string, unknown>>()
  const visit = (fields: Data, sharedFields: Data, prefix: string, depth: number): void => {
    for (const [name, value] of Object.entries(fields)) {
      const path = join(prefix, name)
      if (known.has(path)) continue
      const same = Object.hasOwn(sharedFields, name)
      if (isPlainObject(value) && depth < limits.depth) {
        const inner = same ? sharedFields[name] : undefined
        visit(value, isPlainObject(inner) ? inner : empty(), path, depth + 1)
      } else if (!same) note(found, path, value)
    }
  }
  for (const fields of data) visit(fields, common, '', 0)
  const result = empty() as Record<string, unknown[]>
  for (const [path, values] of found) result[path] = [...values.values()]
  return result
}

function note(found: Map<string, Map<string, unknown>>, path: string, value: unknown): void {
  let values = found.get(path)
  if (!values) {
    if (found.size >= limits.paths) return
    found.set(path, (values = new Map()))
  }
  if (values.size >= limits.values) return
  const short = shorten(value)
  values.set(JSON.stringify(short), short)
}

/** Long texts are cut: the whole is in the records. */
function shorten(value: unknown): unknown {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : ''
  if (text.length <= limits.characters) return value
  return `${text.slice(0, limits.characters)}…`
}

/** The notation of rules: `a.b`, and `a['x.y']` where a name has dots or brackets in it. */
const join = (prefix: string, name: string): string =>
  /[.[\]]/.test(name) ? `${prefix}['${name}']` : prefix === '' ? name : `${prefix}.${name}`
