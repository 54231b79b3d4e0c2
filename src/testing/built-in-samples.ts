import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../schemas/samples/', import.meta.url)

/** Where the samples of a built-in schema are: a log file as its source would write it. */
export const sampleFile = (schema: string): URL => new URL(`${schema.replace(':', '.')}.log`, folder)

/** The samples of a built-in schema, one a line; none for a schema that is not built in. */
export function builtInSamples(schema: string): readonly string[] {
  const file = sampleFile(schema)
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : []
}
