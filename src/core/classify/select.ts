import type { Schema } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { compileGlob } from '../glob.ts'
import { suggest } from '../nearest.ts'

/**
 * The schemas that a source's `schemas` names, in the order of `all`; all of them when it names none. A name is an exact
 * one (`osquery:status`), a group (`osquery`: all of that vendor) or a glob (`osquery:*`).
 * Throws CONFIG_UNKNOWN_NAME for a name that nothing answers to.
 */
export function selectSchemas(all: readonly Schema[], names: readonly string[] | undefined): readonly Schema[] {
  if (names === undefined) return all
  const chosen = new Set(names.flatMap((name) => answering(all, name)))
  return all.filter((schema) => chosen.has(schema))
}

function answering(all: readonly Schema[], name: string): readonly Schema[] {
  const matches = compileGlob(name)
  const found = all.filter(
    (schema) => schema.name === name || schema.name.startsWith(`${name}:`) || matches(schema.name),
  )
  if (found.length > 0) return found
  const known = all.flatMap((schema) => [schema.name.split(':', 1)[0]!, schema.name])
  throw new CodedError('CONFIG_UNKNOWN_NAME', `No schema or group of schemas is called "${name}".`, {
    hint: suggest(name, [...new Set(known)]),
  })
}
