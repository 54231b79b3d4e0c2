import { isIp } from '../fields/ip.ts'
import type { Field, Fields, Scalar } from '../fields/spec.ts'
import { list, map, maybe } from '../fields/spec.ts'
import { isPlainObject } from '../plain.ts'
import { parseTime } from '../time.ts'

/** How the values of samples are looked at. */
export interface InferOptions {
  /** True for formats whose values are all text (CSV, key-value): digits are then numbers. */
  readonly textual: boolean
  /** Epoch milliseconds, for times without a year. */
  readonly now: number
}

/** An object with more names than this, which its samples hardly share, is a map. */
const mostNames = 40

/**
 * The fields of sample records: types that fit all values, optional where some sample lacks the field or has null there.
 * What differs from sample to sample in kind is `json`.
 */
export function inferFields(records: readonly Readonly<Record<string, unknown>>[], options: InferOptions): Fields {
  return Object.fromEntries(namesOf(records).map((name) => [name, inferMember(name, records, options)]))
}

const namesOf = (objects: readonly object[]) => [...new Set(objects.flatMap((object) => Object.keys(object)))]

function inferMember(
  name: string,
  objects: readonly Readonly<Record<string, unknown>>[],
  options: InferOptions,
): Field {
  const values = objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name]] : []))
  const present = values.filter((value) => !isNothing(value, options))
  const type = inferType(name, present, options)
  const sure = present.length === objects.length
  if (typeof type === 'string') return sure ? type : `${type as Scalar}?`
  return sure ? type : maybe(type)
}

/** An empty cell of a table says nothing, as null does. */
const isNothing = (value: unknown, { textual }: InferOptions) =>
  value === null || value === undefined || (textual && value === '')

function inferType(name: string, values: readonly unknown[], options: InferOptions): Field {
  if (values.length === 0) return 'json'
  if (values.every((value) => Array.isArray(value))) {
    const elements = (values as unknown[][]).flat().filter((value) => value !== null)
    return list(inferType(name, elements, options))
  }
  if (values.every(isPlainObject)) return inferObject(values, options)
  return inferScalar(name, values, options)
}

function inferObject(objects: readonly Record<string, unknown>[], options: InferOptions): Field {
  const names = namesOf(objects)
  if (names.length === 0) return 'json'
  const shared = objects.reduce((sum, object) => sum + Object.keys(object).length, 0) / (names.length * objects.length)
  if (names.length > mostNames && shared < 0.3) {
    return map(
      inferType(
        '',
        objects.flatMap((object) => Object.values(object)).filter((value) => value !== null),
        options,
      ),
    )
  }
  return inferFields(objects, options)
}

function inferScalar(name: string, values: readonly unknown[], { textual, now }: InferOptions): Field {
  const all = (test: (value: unknown) => boolean) => values.every(test)
  const isText = (value: unknown): value is string => typeof value === 'string'
  if (all((value) => typeof value === 'boolean')) return 'boolean'
  if (all(Number.isSafeInteger)) return 'integer'
  if (all((value) => typeof value === 'number')) return 'float'
  if (!all(isText)) return all((value) => typeof value !== 'object') ? 'string' : 'json'
  const texts = values as string[]
  if (texts.every((text) => isIp(text))) return 'ip'
  if (texts.every((text) => looksLikeTime(name, text) && parseTime(text, now) !== undefined)) return 'timestamp'
  if (!textual) return 'string'
  if (texts.every((text) => /^-?(0|[1-9]\d{0,14})$/.test(text))) return 'integer'
  if (texts.every((text) => /^-?\d{1,15}\.\d{1,15}$/.test(text))) return 'float'
  return texts.every((text) => /^(true|false)$/i.test(text)) ? 'boolean' : 'string'
}

/** Digits alone are a time only under a name that says so. */
const looksLikeTime = (name: string, text: string) =>
  /\d[:T/-]\d|\d{1,2} \d\d?:\d\d/.test(text)
    ? !/^\d+-\d+$/.test(text)
    : /time|date|^ts$|stamp/i.test(name) && /^\d{9,20}(\.\d+)?$/.test(text)
