import type { Rule, Schema } from '../core/contracts/index.ts'
import type { Code } from '../core/errors.ts'
import { suggest } from '../core/nearest.ts'
import { type OpenTables, checkLookups } from './check-lookups.ts'
import { checkPath } from './field-path.ts'

/** A fault of a rule. `text` is what stands wrongly in its file, to find the place. */
export interface Fault {
  readonly code: Code
  readonly message: string
  readonly text?: string
  readonly hint?: string
}

/** What the names in a rule may refer to. */
export interface Surroundings {
  readonly clusters: readonly string[]
  readonly outputs: readonly string[]
  readonly schemas: readonly Schema[]
  /** Their values are given the types that rules declare. */
  readonly tables: OpenTables
}

/** Checks that everything a rule names exists: clusters, outputs, log types, normalised types, tables, and fields. */
export function checkRule(rule: Rule, known: Surroundings): Fault[] {
  const { info } = rule
  return [
    ...(info.clusters?.flatMap((name) => unknown('cluster', name, known.clusters)) ?? []),
    ...info.outputs.flatMap((name) => unknown('output', name, known.outputs)),
    ...Object.keys(info.publishers ?? {}).flatMap((name) => unknown('output', name, spokenFor(known.outputs))),
    ...rule.schemas.flatMap((schema) => checkSchemaIsKnown(schema, known.schemas)),
    ...info.types.flatMap((type) => checkType(type, rule, known.schemas)),
    ...checkLookups(rule, known.tables),
    ...pathsOf(rule).flatMap(([option, path]) => checkField(rule, option, path)),
  ]
}

const unknown = (what: string, name: string, known: readonly string[]): Fault[] =>
  known.includes(name)
    ? []
    : [
        {
          code: 'CONFIG_UNKNOWN_NAME',
          message: `There is no ${what} "${name}".`,
          text: name,
          hint: suggest(name, known),
        },
      ]

/** What publishers may speak for: every output, a kind, or one output. */
const spokenFor = (outputs: readonly string[]) => ['*', ...outputs.map((name) => name.split(':', 1)[0]!), ...outputs]

function checkSchemaIsKnown(schema: Schema, known: readonly Schema[]): Fault[] {
  if (known.includes(schema)) return []
  const message = `The schema "${schema.name}" is in no file of schemas/, so no record is ever of it.`
  return [{ code: 'CONFIG_UNKNOWN_NAME', message, hint: 'Move it to schemas/, export it there, and import it.' }]
}

/** Some log type that the rule looks at must have values of the type. */
function checkType(type: string, rule: Rule, all: readonly Schema[]): Fault[] {
  const schemas = rule.schemas.length > 0 ? rule.schemas : all
  const types = [...new Set(schemas.flatMap(({ normalise }) => Object.keys(normalise)))]
  if (types.includes(type)) return []
  const of = rule.schemas.length > 0 ? rule.info.schemas.join(', ') : 'any log type'
  const message = `types: no field of ${of} is said to be "${type}".`
  return [{ code: 'CONFIG_UNKNOWN_NAME', message, text: type, hint: suggest(type, types) }]
}

/** Option → the fields it names. */
function pathsOf({ info: { merge, dedup, threshold }, requires, where, matchers }: Rule): [string, string][] {
  const conditions = [where, ...matchers.map((matcher) => matcher.where)]
  const paths: Readonly<Record<string, readonly string[]>> = {
    'merge.by': merge?.by ?? [],
    'dedup.by': dedup?.by ?? [],
    'threshold.per': threshold?.per ?? [],
    'threshold.distinct': threshold?.distinct === undefined ? [] : [threshold.distinct],
    requires: requires.map(({ text }) => text),
    where: conditions.flatMap((one) => one?.alternatives.flat().map(({ path }) => path.text) ?? []),
  }
  return Object.entries(paths).flatMap(([option, names]) => names.map((name): [string, string] => [option, name]))
}

/**
 * A field is fine when at least one of the rule's schemas has it: records that lack it are not merged. Of a rule that
 * looks at any log type nothing is known.
 */
function checkField(rule: Rule, option: string, path: string): Fault[] {
  if (rule.schemas.length === 0) return []
  const checks = rule.schemas.map((schema) => checkPath(schema.fields, path))
  if (checks.some((check) => check.ok)) return []
  const meant = checks.map((check) => check.meant).find((name) => name !== undefined)
  const names = rule.info.schemas.join(', ')
  return [
    {
      code: 'RULE_INVALID',
      message: `${option}: ${names} has no field "${path}".`,
      text: path,
      ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }),
    },
  ]
}
