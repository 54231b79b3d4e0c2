import { compileClassifier } from '../core/classify/index.ts'
import type { Schema } from '../core/contracts/index.ts'
import type { CodedError } from '../core/errors.ts'
import { type Imported, importProject } from './index.ts'
import { toSchema } from './schema.ts'
import { convertSchemas } from './schemas.ts'

/** Path → what the file holds: JSON, or text as it is. */
export type OldFiles = Readonly<Record<string, unknown>>

const toFiles = (files: OldFiles) =>
  new Map(
    Object.entries(files).map(([path, value]) => [path, typeof value === 'string' ? value : JSON.stringify(value)]),
  )

/** Imports files, with few built-in things around. */
export const imports = (files: OldFiles, builtIn: readonly Schema[] = []): Imported =>
  importProject(toFiles(files), {
    builtIn,
    outputKinds: ['file', 'webhook'],
    library: ['doors/door-left-open'],
    now: Date.UTC(2026, 2, 1),
  })

/** Converts the log types of one file, and classifies texts among them. */
export function schemasOf(old: object) {
  const problems: CodedError[] = []
  const drafts = convertSchemas(toFiles({ 'conf/schemas/x.json': old }), [], problems)
  const schemas = drafts.map(toSchema)
  const classifier = compileClassifier(schemas)
  return {
    schemas,
    notes: drafts.flatMap(({ notes }) => notes),
    problems: problems.map(({ message }) => message),
    /** What a text is read as: the log type, the record and its envelope, or why not. */
    read: (text: string) =>
      classifier
        .classify(text, { first: true })
        .map((one) =>
          'schema' in one
            ? { as: one.schema.name, data: one.data, ...(one.envelope && { envelope: one.envelope }) }
            : one.message,
        ),
  }
}
