import type { z } from 'zod'
import { CodedError, type Place, messageOf } from '../core/errors.ts'
import { issuesToProblems } from '../project/issues.ts'
import { parseJsonFile } from '../project/json.ts'
import type { YamlFile } from '../project/yaml.ts'

/** Path within the predecessor's folder → text. */
export type Files = ReadonlyMap<string, string>

/** A JSON file of the predecessor's, read. */
export interface Read<T> extends YamlFile {
  readonly file: string
  readonly value: T
}

export const invalid = (message: string, place: Place, hint?: string) =>
  new CodedError('IMPORT_INVALID', message, { place, ...(hint !== undefined && { hint }) })

/** Reads a file as `form`. Undefined when it is absent, or wrong: then its faults go to `problems`. */
export function readFile<T>(
  files: Files,
  file: string,
  form: z.ZodType<T>,
  problems: CodedError[],
): Read<T> | undefined {
  const json = readJson(files, file, problems)
  if (json === undefined) return undefined
  const value = check(json.value, form, json, [], problems)
  return value === undefined ? undefined : { file, value, place: json.place }
}

/** Reads a file as JSON of any form. */
export function readJson(files: Files, file: string, problems: CodedError[]): YamlFile | undefined {
  const text = files.get(file)
  if (text === undefined) return undefined
  try {
    return parseJsonFile(text, file, 'IMPORT_INVALID')
  } catch (error) {
    problems.push(error instanceof CodedError ? error : invalid(messageOf(error), { file }))
    return undefined
  }
}

/** Checks the value at `path` of a file. */
export function check<T>(
  value: unknown,
  form: z.ZodType<T>,
  json: YamlFile,
  path: readonly PropertyKey[],
  problems: CodedError[],
): T | undefined {
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = issuesToProblems(parsed.error.issues, form, json, path)
  problems.push(...faults.map(({ message, place, hint }) => invalid(message, place, hint)))
  return undefined
}
