import { z } from 'zod'
import { CodedError, type Place } from '../core/errors.ts'
import { nearestName, suggest } from '../core/nearest.ts'
import type { YamlFile } from './yaml.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/**
 * What zod found wrong with the value at `base` of a YAML file, as errors for people, each with its place. `beside`: further options
 * that may stand there, which are checked elsewhere.
 */
export function issuesToProblems(
  issues: readonly Issue[],
  schema: z.ZodType,
  yaml: YamlFile,
  base: Path = [],
  beside: readonly string[] = [],
): CodedError[] {
  return issues.flatMap((issue): CodedError[] => {
    const path = [...base, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      const known = [...keysAt(schema, issue.path), ...(issue.path.length === 0 ? beside : [])]
      return issue.keys.map((key) => unknownKey(key, known, yaml, path))
    }
    if (issue.code === 'invalid_key') {
      const wrong = issue.issues.map((inner) => inner.message).join('; ')
      return [invalid(`"${String(path.at(-1))}" ${wrong}.`, yaml.place(path, true))]
    }
    const inner = issue.code === 'invalid_union' ? closest(issue) : undefined
    if (inner) return issuesToProblems(inner, schema, yaml, path)
    const found = valueAt(yaml.value, path)
    const place = found === undefined ? yaml.place(path.slice(0, -1), true) : yaml.place(path)
    return [invalid(`${name(path)} ${says(issue, found)}.`, place, meantBy(issue, found))]
  })
}

const invalid = (message: string, place: Place, hint?: string) =>
  new CodedError('CONFIG_INVALID', message, { place, ...(hint !== undefined && { hint }) })

/** The problem of a key or component name that does not exist. */
export function unknownKey(
  key: string,
  known: readonly string[],
  yaml: YamlFile,
  path: Path,
  what = 'option',
): CodedError {
  const where = path.length > 0 ? ` in ${name(path)}` : ''
  return new CodedError('CONFIG_UNKNOWN_NAME', `There is no ${what} "${key}"${where}.`, {
    place: yaml.place([...path, key], true),
    hint: suggest(key, known),
  })
}

/** `sources.file.cloudtrail.paths[0]` */
const name = (path: Path) =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('') || 'The file'

/** Of a list of choices, the one that was probably meant. */
function meantBy(issue: Issue, found: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof found !== 'string') return undefined
  const meant = nearestName(found, issue.values.map(String))
  return meant === undefined ? undefined : `Did you mean "${meant}"?`
}

function says(issue: Issue, found: unknown): string {
  if (issue.code === 'invalid_value') return `is ${show(found)}, which is none of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type' && found === undefined) return `is missing: it must be ${kindOf(issue.expected)}`
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `is ${show(found)}, not ${kindOf(issue.expected)}`
  return issue.message.startsWith('is ') ? `(${show(found)}) ${issue.message}` : `is ${show(found)}: ${issue.message}`
}

const kinds = new Map([
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['array', 'a list'],
  ['string', 'a text'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
])
const kindOf = (expected: string) => kinds.get(expected) ?? expected

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Of the alternatives of a union, the one that was most probably meant: whose fault lies deepest. */
function closest(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((one) => one.path.length))
  const sorted = issue.errors.toSorted((a, b) => depth(b) - depth(a))
  return sorted[0]
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<PropertyKey, unknown>)[step]
  }
  return found
}

/** Keys that the object at `path` of a schema may have. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => keysAt(option, path))
  const [step, ...rest] = path
  if (step === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
  if (inner instanceof z.ZodObject) {
    const next = inner.shape[String(step)]
    return next ? keysAt(next, rest) : []
  }
  if (inner instanceof z.ZodRecord) return keysAt(inner.valueType, rest)
  if (inner instanceof z.ZodArray) return keysAt(inner.element, rest)
  return []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.def.innerType)
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly) return unwrap(schema.def.innerType)
  return schema
}
