import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../schemas/samples/', import.meta.url)

/** Where the sample of a built-in schema is: a log file as its source would write it. */
export const sampleFile = (schema: string): URL => new URL(`${schema.replace(':', '.')}.log`, folder)

/** The sample of a built-in schema; undefined for a schema that is not built in. */
export function builtInSample(schema: string): string | undefined {
  const file = sampleFile(schema)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
