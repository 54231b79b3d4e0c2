import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLibrary } from './test-code.ts'

/** What tests of rules depend on: code, tests, tables, configuration. Logs are not looked at. */
const watched = /\.(?:[mj]?[tj]s|test\.json|ya?ml)$|[/\\]lookups[/\\]/

/**
 * Yields the files (absolute, sorted) that were changed, added or removed below a project, once they have been quiet for an
 * interval. Asked for instead of announced: editors replace files in many ways.
 */
export function codeChanges(dir: string, signal: AbortSignal, intervalMs = 250): AsyncGenerator<string[]> {
  // In the folder of this package only what its rules are made of.
  const folders = isLibrary(dir) ? [join(dir, 'rules'), join(dir, 'schemas')] : [dir]
  return changesOf(() => new Map(folders.flatMap(marks)), signal, intervalMs)
}

type Marks = ReadonlyMap<string, string>

function changesOf(look: () => Marks, signal: AbortSignal, intervalMs: number): AsyncGenerator<string[]> {
  // Not within the generator: that begins only when it is asked for the first time.
  let known = look()
  async function* changes() {
    let last = known
    while (!signal.aborted) {
      await sleep(intervalMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      const now = look()
      if (differences(last, now).length === 0 && differences(known, now).length > 0) {
        yield differences(known, now)
        known = now
      }
      last = now
    }
  }
  return changes()
}

const differences = (before: Marks, after: Marks) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).toSorted()

/** Size and time of change of all watched files of a folder. */
function marks(folder: string): [string, string][] {
  return entriesOf(folder).flatMap((entry): [string, string][] => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return marks(path)
    return watched.test(path) ? [[path, markOf(path)]] : []
  })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function markOf(path: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(path)
    return `${size} ${mtimeMs} ${ino}`
  } catch {
    return 'absent'
  }
}
