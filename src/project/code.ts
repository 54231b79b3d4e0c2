import { readFileSync } from 'node:fs'
import { schemas as builtInSchemas } from '../../schemas/index.ts'
import type { Publisher, Rule, Schema, Tables } from '../core/contracts/index.ts'
import { CodedError, type Place } from '../core/errors.ts'
import { selectSchemas } from '../core/classify/index.ts'
import { type Surroundings, checkRule } from './check-rule.ts'
import { closeTables, openTables } from './check-lookups.ts'
import { checkSchema } from './check-schema.ts'
import type { CodeRequest } from './code-request.ts'
import { loadTables } from './load-tables.ts'
import { locateText } from './locate.ts'
import { type Declared, importPublishers, importRules, importSchemas } from './modules.ts'
import { collectPublishers } from './publishers.ts'

/** The code of a project, checked. */
export interface ProjectCode {
  /** The project's own schemas, and the built-in ones whose names these have not. */
  readonly schemas: readonly Schema[]
  /** Built-in schemas whose place the project's own take, each with the place of the latter. */
  readonly replaced: readonly { readonly name: string; readonly place: Place }[]
  /** Those of the library that the project asks for, then its own; also those not enabled. Those that named no output have the defaults. */
  readonly rules: readonly Rule[]
  /** By name: the built-in ones, the project's own, and those that rules hold. */
  readonly publishers: ReadonlyMap<string, Publisher>
  /** Lookup tables, in the form that the rules declare. */
  readonly tables: Tables
  /** Rule → its file, absolute. */
  readonly fileOf: ReadonlyMap<string, string>
  /** Every fault found; places are relative to the project folder. Nothing should run when there is one. */
  readonly problems: readonly CodedError[]
}

/**
 * Imports a project's schemas and rules, and checks them. Call `registerResolve` before. Modules are cached by Node for the
 * life of a thread: to load changed code, start a fresh worker. Never throws for a fault of the project.
 * `onImport` is told of each file before it is imported, so that one which never ends can be named.
 */
export async function loadCode(
  request: CodeRequest,
  onImport: (file: string) => void = () => {},
): Promise<ProjectCode> {
  const problems: CodedError[] = []
  const own = await importSchemas({ dir: request.dir, files: request.schemaFiles, onImport, problems }, builtInSchemas)
  const replacing = new Map(own.map((declared) => [declared.value.name, declared]))
  const schemas = [
    ...builtInSchemas.filter(({ name }) => !replacing.has(name)),
    ...own.map((declared) => declared.value),
  ]
  const files = [...request.libraryFiles, ...request.ruleFiles]
  // A rule that was written for a built-in schema gets the records of the one in its place.
  const inForce = (schema: Schema) => (builtInSchemas.includes(schema) && replacing.get(schema.name)?.value) || schema
  const imported = await importRules({ dir: request.dir, files, onImport, problems })
  const rules = imported.map((rule) => ({
    ...rule,
    value: { ...rule.value, schemas: rule.value.schemas.map(inForce) },
  }))
  const publishers = await importPublishers({ dir: request.dir, files: request.publisherFiles, onImport, problems })
  const tables = openTables(await loadTables(request, problems))
  problems.push(
    ...own.flatMap(({ value, place }) => checkSchema(value, place)),
    ...rules.flatMap((rule) => faultsOf(rule, { ...request, schemas, tables })),
    ...request.sources.flatMap((source) => checkSource(source, schemas)),
  )
  return {
    schemas,
    replaced: own
      .filter(({ value }) => builtInSchemas.some(({ name }) => name === value.name))
      .map(({ value: { name }, place }) => ({ name, place })),
    rules: rules.map(({ value }) => withDefaults(value, request.defaultOutputs)),
    publishers: collectPublishers(publishers, rules, request.outputPublishers, problems),
    tables: closeTables(tables),
    fileOf: new Map(rules.map(({ value, file }) => [value.info.name, file])),
    problems,
  }
}

const withDefaults = (rule: Rule, outputs: readonly string[]): Rule =>
  rule.info.outputs.length > 0 ? rule : { ...rule, info: { ...rule.info, outputs } }

function faultsOf({ value, file, place }: Declared<Rule>, known: Surroundings): CodedError[] {
  const faults = checkRule(value, known)
  const source = faults.length > 0 ? readFileSync(file, 'utf8') : ''
  return faults.map(({ code, message, text, hint }) => {
    const at = text === undefined ? place : { ...place, ...locateText(source, text, place.line) }
    return new CodedError(code, message, { place: at, ...(hint !== undefined && { hint }) })
  })
}

/** Log types that a source names must exist. */
function checkSource(
  { name, schemas: names, place }: CodeRequest['sources'][number],
  schemas: readonly Schema[],
): CodedError[] {
  try {
    selectSchemas(schemas, names)
    return []
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return [
      new CodedError(error.code, `${name}: ${error.message}`, {
        place,
        ...(error.hint !== undefined && { hint: error.hint }),
      }),
    ]
  }
}
