import { readdirSync } from 'node:fs'
import { join, parse, resolve } from 'node:path'
import { CodedError } from '../core/errors.ts'
import type { ConfiguredLookup } from './components.ts'

/** The folder whose files are tables without being configured. */
const folder = 'lookups'

/** Adds the files of `lookups/` that no configured table reads: each is a table of its own name. Faults go to `problems`. */
export async function withTableFiles(
  configured: readonly ConfiguredLookup[],
  dir: string,
  problems: CodedError[],
): Promise<ConfiguredLookup[]> {
  const files = tableFiles(join(dir, folder))
  if (files.length === 0) return [...configured]
  const kind = (await import('../lookups/file.ts')).default
  const read = new Set(configured.map(({ options }) => pathOf(options, dir)))
  const found = files
    .map((name): ConfiguredLookup => {
      const path = `${folder}/${name}`
      return { name: parse(name).name, kind, options: { path }, place: { file: path } }
    })
    .filter(({ options }) => !read.has(pathOf(options, dir)))
  const tables = [...configured]
  for (const table of found) {
    const earlier = tables.find(({ name }) => name === table.name)
    if (!earlier) tables.push(table)
    else problems.push(twice(table, earlier))
  }
  return tables
}

function twice({ name, place }: ConfiguredLookup, earlier: ConfiguredLookup): CodedError {
  const first = [earlier.place.file, earlier.place.line].filter((part) => part !== undefined).join(':')
  return new CodedError('LOOKUP_INVALID', `There is a table "${name}" already, from ${first}.`, { place })
}

/** The file that a table's options name, absolute. */
function pathOf(options: unknown, dir: string): string | undefined {
  if (typeof options !== 'object' || options === null || !('path' in options)) return undefined
  return typeof options.path === 'string' ? resolve(dir, options.path) : undefined
}

function tableFiles(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => /^[^._].*\.(json|csv)$/i.test(name))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
