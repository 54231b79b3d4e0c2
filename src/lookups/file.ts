import { readFile, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { z } from 'zod'
import { defineLookup } from '../core/component.ts'
import { CodedError, messageOf } from '../core/errors.ts'
import { tableFromCsv, tableFromJson } from './shared/table.ts'

/** Each worker holds each table in memory. */
const maxBytes = 64 * 1_048_576

/** A table in a file of the project, JSON or CSV. Loaded when the engine starts, and again when a file of `lookups/` changes. */
export default defineLookup({
  name: 'file',
  summary: 'A table in a JSON or CSV file.',
  config: z.strictObject({
    path: z
      .string()
      .regex(/\.(json|csv)$/i, 'is neither a .json nor a .csv file')
      .meta({ description: 'The file, relative to the project. Changes of files in `lookups/` take effect at once.' }),
    key: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Column that holds the keys. Default: the first; a JSON object has its names for keys.' }),
  }),
  examples: [
    {
      title: 'A table whose keys are in another column than the first',
      config: { path: 'lookups/hosts.csv', key: 'address' },
    },
  ],
  create({ path, key }, { projectDir }) {
    const absolute = resolve(projectDir, path)
    const file = relative(projectDir, absolute)
    return {
      async load() {
        const text = await read(absolute, file)
        const options = { file, ...(key !== undefined && { key }) }
        return /\.json$/i.test(path) ? tableFromJson(text, options) : tableFromCsv(text, options)
      },
    }
  },
})

async function read(absolute: string, file: string): Promise<string> {
  try {
    const { size } = await stat(absolute)
    if (size <= maxBytes) return await readFile(absolute, 'utf8')
  } catch (error) {
    throw new CodedError('LOOKUP_INVALID', `It cannot be read: ${messageOf(error)}.`, { place: { file } })
  }
  throw new CodedError('LOOKUP_INVALID', `It is larger than ${maxBytes / 1_048_576} MB.`, { place: { file } })
}
