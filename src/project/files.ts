import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Code files of a project folder (`rules`, `schemas`, `publishers`), absolute, sorted. Tests, declarations, and everything whose name
 * begins with `_` or `.` are left out: helpers shared by rules may live in `_shared.ts` or `_lib/`. An absent folder is empty.
 */
export function codeFiles(folder: string): string[] {
  return walk(folder).filter((file) => /\.[mj]?[tj]s$/.test(file) && !/\.(test|d)\.[mj]?[tj]s$/.test(file))
}

/** Test files of rules: `*.test.json`, absolute, sorted. */
export function testFiles(folder: string): string[] {
  return walk(folder).filter((file) => file.endsWith('.test.json'))
}

function walk(folder: string): string[] {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return entries
    .filter((entry) => !/^[._]/.test(entry.name) && entry.name !== 'node_modules')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? walk(path) : [path]
    })
}
