import { z } from 'zod'
import { CodedError, type Place } from '../core/errors.ts'
import { nearestName, suggest } from '../core/nearest.ts'
import type { YamlFile } from './yaml.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/**
 * What zod found wrong with the value at `base` of a YAML file, as errors for people, each with its place. `beside`: further options
 * that may stand there, which are checked elsewhere. A value that the schema calls a secret is not shown: it may stand there in clear.
 */
export function issuesToProblems(
  issues: readonly Issue[],
  schema: z.ZodType,
  yaml: YamlFile,
  base: Path = [],
  beside: readonly string[] = [],
): CodedError[] {
  /** `above`: the path from `base` to the value that the issues are about. */
  const problemsOf = (found: readonly Issue[], above: Path): CodedError[] =>
    found.flatMap((issue): CodedError[] => {
      const within = [...above, ...issue.path]
      const path = [...base, ...within]
      if (issue.code === 'unrecognized_keys') {
        const known = [...keysAt(schema, within), ...(within.length === 0 ? beside : [])]
        return issue.keys.map((key) => unknownKey(key, known, yaml, path))
      }
      if (issue.code === 'invalid_key') {
        const wrong = issue.issues.map((inner) => inner.message).join('; ')
        return [invalid(`"${String(path.at(-1))}" ${wrong}.`, yaml.place(path, true))]
      }
      const inner = issue.code === 'invalid_union' ? closest(issue) : undefined
      if (inner) return problemsOf(inner, within)
      const value = valueAt(yaml.value, path)
      const place = value === undefined ? yaml.place(path.slice(0, -1), true) : yaml.place(path)
      const shown = isSecret(schema, within) ? 'a value that is not shown' : show(value)
      return [invalid(`${name(path)} ${says(issue, value, shown)}.`, place, meantBy(issue, value))]
    })
  return problemsOf(issues, [])
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

function says(issue: Issue, found: unknown, shown: string): string {
  if (issue.code === 'invalid_value') return `is ${shown}, which is none of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type' && found === undefined) return `is missing: it must be ${kindOf(issue.expected)}`
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `is ${shown}, not ${kindOf(issue.expected)}`
  return issue.message.startsWith('is ') ? `(${shown}) ${issue.message}` : `is ${shown}: ${issue.message}`
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
const keysAt = (schema: z.core.$ZodType, path: Path): string[] =>
  [...schemasAlong(schema, path)].flatMap(([part, rest]) =>
    rest.length === 0 && part instanceof z.ZodObject ? Object.keys(part.shape) : [],
  )

/** True when the value at `path`, or one that holds it, is declared as a secret. */
const isSecret = (schema: z.core.$ZodType, path: Path): boolean =>
  [...schemasAlong(schema, path)].some(([part]) => z.globalRegistry.get(part)?.['secret'] === true)

/** The schemas that a value at `path` has to pass, the outermost first, each with the path that is left. */
function* schemasAlong(schema: z.core.$ZodType, path: Path): Generator<readonly [z.core.$ZodType, Path]> {
  yield [schema, path]
  for (const [next, rest] of nextAlong(schema, path)) yield* schemasAlong(next, rest)
}

function nextAlong(schema: z.core.$ZodType, path: Path): readonly (readonly [z.core.$ZodType, Path])[] {
  if (schema instanceof z.ZodPipe) return [[schema.in, path]]
  if (isWrapper(schema)) return [[schema.def.innerType, path]]
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => [option, path] as const)
  const [step, ...rest] = path
  if (step === undefined) return []
  if (schema instanceof z.ZodRecord) return [[schema.valueType, rest]]
  if (schema instanceof z.ZodArray) return [[schema.element, rest]]
  const field = schema instanceof z.ZodObject && Object.hasOwn(schema.shape, step) && schema.shape[String(step)]
  return field ? [[field, rest]] : []
}

const isWrapper = (schema: z.core.$ZodType) =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodPrefault ||
  schema instanceof z.ZodReadonly
