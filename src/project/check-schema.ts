import { compileClassifier } from '../core/classify/index.ts'
import type { Schema } from '../core/contracts/index.ts'
import { CodedError, type Place, messageOf } from '../core/errors.ts'
import { checkPath } from './field-path.ts'

/** Checks one schema by itself: that it compiles, and that the paths it names are among its fields. */
export function checkSchema(schema: Schema, place: Place): CodedError[] {
  const fault = (message: string, hint?: string) =>
    new CodedError('SCHEMA_INVALID', `${schema.name}: ${message}`, { place, ...(hint !== undefined && { hint }) })
  try {
    compileClassifier([schema])
  } catch (error) {
    if (error instanceof CodedError) {
      return [
        new CodedError(error.code, error.message, { place, ...(error.hint !== undefined && { hint: error.hint }) }),
      ]
    }
    return [fault(messageOf(error))]
  }
  const paths: [string, string][] = [
    ...(schema.time === undefined ? [] : [['time', schema.time] satisfies [string, string]]),
    ...Object.entries(schema.normalise).flatMap(([type, found]) =>
      found.map(({ path }): [string, string] => [`normalise.${type}`, path]),
    ),
  ]
  return paths.flatMap(([option, path]) => {
    const inEnvelope = path.startsWith('envelope.') && schema.envelope !== undefined
    const check = inEnvelope
      ? checkPath(schema.envelope ?? {}, path.slice('envelope.'.length))
      : checkPath(schema.fields, path)
    if (check.ok) return []
    return [
      fault(`${option} names "${path}", which is none of its fields.`, check.meant && `Did you mean "${check.meant}"?`),
    ]
  })
}
