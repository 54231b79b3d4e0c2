import type { Rule, Schema } from '../core/contracts/index.ts'
import type { Code } from '../core/errors.ts'
import { suggest } from '../core/nearest.ts'
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
}

/** Checks that everything a rule names exists: clusters, outputs, schemas, and the fields it looks at, merges or counts by. */
export function checkRule(rule: Rule, known: Surroundings): Fault[] {
  const { info } = rule
  return [
    ...(info.clusters?.flatMap((name) => unknown('cluster', name, known.clusters)) ?? []),
    ...info.outputs.flatMap((name) => unknown('output', name, known.outputs)),
    ...rule.schemas.flatMap((schema) => checkSchemaIsKnown(schema, known.schemas)),
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

function checkSchemaIsKnown(schema: Schema, known: readonly Schema[]): Fault[] {
  if (known.includes(schema)) return []
  const message = `The schema "${schema.name}" is in no file of schemas/, so no record is ever of it.`
  return [{ code: 'CONFIG_UNKNOWN_NAME', message, hint: 'Move it to schemas/, export it there, and import it.' }]
}

function pathsOf({ info, where }: Rule): [string, string][] {
  const { merge, threshold } = info
  return [
    ...(merge?.by.map((path): [string, string] => ['merge.by', path]) ?? []),
    ...(threshold?.per.map((path): [string, string] => ['threshold.per', path]) ?? []),
    ...(where?.alternatives.flat().map(({ path }): [string, string] => ['where', path.text]) ?? []),
    ...(threshold?.distinct === undefined
      ? []
      : [['threshold.distinct', threshold.distinct] satisfies [string, string]]),
  ]
}

/** A field is fine when at least one of the rule's schemas has it: records that lack it are not merged. */
function checkField(rule: Rule, option: string, path: string): Fault[] {
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
