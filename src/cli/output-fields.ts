import { z } from 'zod'
import { CodedError } from '../core/errors.ts'
import { suggest } from '../core/nearest.ts'

/** An option of an output, as a person can give it in one answer. */
export interface Field {
  /** `url`, or `headers` → `Authorization`. */
  readonly path: readonly string[]
  readonly takes: 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'map' | 'value'
  readonly choices: readonly string[]
  readonly preset: unknown
  readonly required: boolean
  readonly secret: boolean
  readonly description: string
}

/** The part of JSON Schema that is looked at. */
interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
  readonly default?: unknown
  readonly description?: string
  readonly secret?: boolean
}

/** The options that a declaration takes, in its order; those within a section by their path. */
export function fieldsOf(config: z.ZodType): readonly Field[] {
  return inSection(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as Schema, [], true)
}

function inSection(schema: Schema, path: readonly string[], isRequired: boolean): Field[] {
  const variants = schema.anyOf ?? [schema]
  const fields = new Map<string, Field[]>()
  for (const variant of variants) {
    for (const [name, option] of Object.entries(variant.properties ?? {})) {
      const required = isRequired && variants.every((one) => one.required?.includes(name))
      if (!fields.has(name)) fields.set(name, fieldOf(option, [...path, name], required))
    }
  }
  return [...fields.values()].flat()
}

function fieldOf(schema: Schema, path: readonly string[], required: boolean): Field[] {
  if (schema.properties) return inSection(schema, path, required)
  const { description = '', secret = false, default: preset } = schema
  const choices = choicesOf(schema).map(String)
  const takes = choices.length > 0 ? 'choice' : takesOf(schema)
  return [{ path, takes, choices, preset, required: required && preset === undefined, secret, description }]
}

function choicesOf({ enum: values, const: only, anyOf = [] }: Schema): readonly unknown[] {
  if (values) return values
  if (only !== undefined) return [only]
  const each = anyOf.map(choicesOf)
  return each.every((one) => one.length > 0) ? each.flat() : []
}

function takesOf(schema: Schema): Field['takes'] {
  const types = new Set((schema.anyOf ?? [schema]).map(({ type }) => type))
  if (types.size !== 1) return types.has('string') ? 'text' : 'value'
  if (types.has('string')) return 'text'
  if (types.has('integer') || types.has('number')) return 'number'
  if (types.has('boolean')) return 'boolean'
  if (types.has('array')) return 'list'
  return typeof schema.additionalProperties === 'object' ? 'map' : 'value'
}

export const keyOf = ({ path }: Field): string => path.join('.')

/** The field that `key` names; for `headers.Authorization` that entry of the map `headers`. Throws CONFIG_UNKNOWN_NAME. */
export function findField(key: string, fields: readonly Field[], kind: string): Field {
  const exact = fields.find((field) => keyOf(field) === key)
  if (exact) return exact
  const map = fields.find((field) => field.takes === 'map' && key.startsWith(`${keyOf(field)}.`))
  if (map) return { ...map, path: [...map.path, key.slice(keyOf(map).length + 1)], takes: 'text' }
  throw new CodedError('CONFIG_UNKNOWN_NAME', `The output ${kind} has no option "${key}".`, {
    hint: suggest(key, fields.map(keyOf)),
  })
}

/** A text as the value of a field: `8` where it takes a number, `a,b` where it takes a list. The declaration checks it. */
export function valueOf(text: string, { takes }: Field): unknown {
  if (takes === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (takes === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (takes === 'list' && !text.trimStart().startsWith('[')) return text.split(',').map((part) => part.trim())
  return takes === 'list' || takes === 'map' || takes === 'value' ? jsonOr(text) : text
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Options of an output, as they are written. */
export type Options = Readonly<Record<string, unknown>>

/** `options` with a value at the path of a field. */
export function withValue(options: Options, path: readonly string[], value: unknown): Options {
  const [key, ...rest] = path as [string, ...string[]]
  const inner = (Object.hasOwn(options, key) ? options[key] : {}) as Options
  return { ...options, [key]: rest.length === 0 ? value : withValue(inner, rest, value) }
}
