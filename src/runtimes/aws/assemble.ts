/** What the code of a bundle is put together from, when the function starts. Nothing here reads files. */
import type { Publisher, Rule, Schema, Tables } from '../../core/contracts/index.ts'
import { freezeDeep } from '../../core/freeze.ts'
import { isPublisher } from '../../core/publisher.ts'

/** A module of the project. */
export type CodeModule = Readonly<Record<string, unknown>>

/** Lookup tables as data: name → key → value. */
export type TableData = readonly (readonly [string, readonly (readonly [string, unknown])[]])[]

/** The project's schemas, by name; a module may also export others, or functions. */
export const schemasIn = (modules: readonly CodeModule[], names: readonly string[]): Schema[] => {
  const values = modules.flatMap((module) => Object.values(module).flat())
  return names.map((name) => values.find((value) => isNamed(value, name)) as Schema)
}

/** The project's rules; those that were written for a built-in schema get the records of the one in its place. */
export function rulesIn(
  modules: readonly CodeModule[],
  schemas: readonly Schema[],
  defaultOutputs: readonly string[],
): Rule[] {
  const inForce = new Map(schemas.map((schema) => [schema.name, schema]))
  const rules = modules.flatMap((module) => [module['default']].flat() as Rule[])
  return rules.map((rule) => ({
    ...rule,
    schemas: rule.schemas.map((schema) => inForce.get(schema.name) ?? schema),
    info: rule.info.outputs.length > 0 ? rule.info : { ...rule.info, outputs: defaultOutputs },
  }))
}

/** Publishers that modules export, and those that rules hold, by name. */
export function publishersIn(
  modules: readonly CodeModule[],
  rules: readonly Rule[],
  builtIn: readonly Publisher[],
): ReadonlyMap<string, Publisher> {
  const own = modules.flatMap((module) => Object.values(module).flat()).filter(isPublisher)
  const all = [...builtIn, ...own, ...rules.flatMap((rule) => rule.publishers)]
  return new Map(all.map((publisher) => [publisher.name, publisher]))
}

/** Tables that nobody changes. */
export const tablesIn = (data: TableData): Tables =>
  new Map(data.map(([name, rows]) => [name, new Map(rows.map(frozen))]))

function frozen([key, value]: readonly [string, unknown]): [string, unknown] {
  freezeDeep(value)
  return [key, value]
}

const isNamed = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && (value as { name?: unknown }).name === name
