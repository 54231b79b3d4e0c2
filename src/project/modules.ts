import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Publisher, Rule, Schema } from '../core/contracts/index.ts'
import { CodedError, type Place, messageOf } from '../core/errors.ts'
import { isPublisher } from '../core/publisher.ts'
import { locateError, locateText } from './locate.ts'

/** A declaration found in a file of the project. */
export interface Declared<T> {
  readonly value: T
  /** Absolute. */
  readonly file: string
  /** Where its name stands, the file relative to the project. */
  readonly place: Place
}

/** Which files to import, and where faults go. Files are absolute. */
export interface Imports {
  readonly dir: string
  readonly files: readonly string[]
  readonly problems: CodedError[]
  readonly onImport: (file: string) => void
}

/** Every schema that the files export, save built-in ones that they pass on. One may have the name of a built-in one. */
export async function importSchemas(imports: Imports, builtIn: readonly Schema[]): Promise<Declared<Schema>[]> {
  const { dir, problems } = imports
  const found: Declared<Schema>[] = []
  for await (const { file, module } of modules(imports)) {
    const schemas = [...new Set(Object.values(module).flat())].filter(isSchema)
    if (schemas.length === 0) {
      problems.push(noExport(dir, file, 'The file exports no schema.', 'export const acme = defineSchema({ … })'))
    }
    for (const schema of schemas) {
      const earlier = found.find((other) => other.value.name === schema.name)
      if (earlier?.value === schema || builtIn.includes(schema)) continue
      const declared = { value: schema, file, place: placeOf(dir, file, schema.name, earlier) }
      if (earlier) problems.push(duplicate('SCHEMA_DUPLICATE', schema.name, declared.place, earlier))
      else found.push(declared)
    }
  }
  return found
}

/** Every rule that the files export by default, one or a list. */
export async function importRules(imports: Imports): Promise<Declared<Rule>[]> {
  const { dir, problems } = imports
  const found: Declared<Rule>[] = []
  for await (const { file, module } of modules(imports)) {
    const rules = [module['default']].flat()
    if (!rules.every(isRule)) {
      const message = 'The default export is not a rule, nor a list of rules.'
      problems.push(
        noExport(dir, file, message, 'export default defineRule({ … })" or "export default [defineRule({ … }), …]'),
      )
      continue
    }
    for (const rule of rules) {
      const { name } = rule.info
      const earlier = found.find((other) => other.value.info.name === name)
      const declared = { value: rule, file, place: placeOf(dir, file, name, earlier) }
      if (earlier) problems.push(duplicate('RULE_DUPLICATE', name, declared.place, earlier))
      else found.push(declared)
    }
  }
  return found
}

/** Every publisher that the files export. */
export async function importPublishers(imports: Imports): Promise<Declared<Publisher>[]> {
  const { dir, problems } = imports
  const found: Declared<Publisher>[] = []
  for await (const { file, module } of modules(imports)) {
    const publishers = [...new Set(Object.values(module).flat())].filter(isPublisher)
    if (publishers.length === 0) {
      problems.push(
        noExport(dir, file, 'The file exports no publisher.', 'export const brief = definePublisher({ … })'),
      )
    }
    for (const publisher of publishers) {
      if (found.some(({ value }) => value === publisher)) continue
      found.push({ value: publisher, file, place: placeOf(dir, file, publisher.name) })
    }
  }
  return found
}

/** The modules that can be imported. */
async function* modules({ dir, files, problems, onImport }: Imports) {
  for (const file of files) {
    onImport(file)
    try {
      yield { file, module: (await import(pathToFileURL(file).href)) as Record<string, unknown> }
    } catch (error) {
      problems.push(moduleFailed(dir, file, error))
    }
  }
}

function moduleFailed(dir: string, file: string, error: unknown): CodedError {
  const at = { file, ...locateError(error, dir) }
  const place = { ...at, file: relative(dir, at.file) }
  if (!(error instanceof CodedError)) return new CodedError('MODULE_FAILED', messageOf(error), { place, cause: error })
  const named = error.place.name === undefined ? place : { ...place, name: error.place.name }
  return new CodedError(error.code, error.message, {
    place: named,
    ...(error.hint !== undefined && { hint: error.hint }),
  })
}

const noExport = (dir: string, file: string, message: string, example: string) =>
  new CodedError('MODULE_NO_DEFAULT', message, {
    place: { file: relative(dir, file), line: 1 },
    hint: `Write "${example}". A file that only helps others begins with "_".`,
  })

function duplicate(
  code: 'RULE_DUPLICATE' | 'SCHEMA_DUPLICATE',
  name: string,
  place: Place,
  { place: { file, line } }: Declared<unknown>,
) {
  const first = [file, line].filter(Boolean).join(':')
  return new CodedError(code, `"${name}" is already declared in ${first}.`, {
    place,
    hint: 'Give one of them another name.',
  })
}

/** Where a name is declared; when it is declared in the same file before, the place after that. */
function placeOf(dir: string, file: string, name: string, earlier?: Declared<unknown>): Place {
  const source = readFileSync(file, 'utf8')
  const from = earlier?.file === file ? (earlier.place.line ?? 0) + 1 : 1
  return { file: relative(dir, file), ...locateText(source, name), ...(from > 1 && locateText(source, name, from)) }
}

function isSchema(value: unknown): value is Schema {
  if (typeof value !== 'object' || value === null) return false
  const { name, fields, parse } = value as Partial<Schema>
  return typeof name === 'string' && typeof fields === 'object' && typeof parse === 'object' && 'priority' in value
}

function isRule(value: unknown): value is Rule {
  if (typeof value !== 'object' || value === null) return false
  const { info, match, where } = value as Partial<Rule>
  const decides = typeof match === 'function' || typeof where === 'object'
  return typeof info === 'object' && typeof info.name === 'string' && decides
}
