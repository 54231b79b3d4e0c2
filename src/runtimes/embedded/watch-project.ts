import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sleep } from '../../core/sleep.ts'

/** Folders and files whose change means that rules, schemas or configuration have changed. */
const watched = ['streamalert.yaml', 'rules', 'schemas', 'lookups'] as const

/**
 * Yields each time the project's own files have changed and then been quiet for one interval. `imported`: the files that
 * its code imports now, wherever they lie.
 */
export async function* projectChanges(
  dir: string,
  imported: () => readonly string[],
  signal: AbortSignal,
  intervalMs = 300,
): AsyncGenerator<void> {
  const look = () => fingerprint(dir, imported())
  let known = look()
  let last = known
  while (!signal.aborted) {
    await sleep(intervalMs, signal)
    if (signal.aborted) return
    const now = look()
    if (now === last && now !== known) {
      known = now
      yield
    }
    last = now
  }
}

/** Names, sizes and times of change of all watched files. Asked for instead of announced: editors replace files in many ways. */
function fingerprint(dir: string, imported: readonly string[]): string {
  const own = watched.flatMap((name) => marks(join(dir, name)))
  return [...new Set([...own, ...imported.flatMap(marks)])].sort().join('\n')
}

function marks(path: string): string[] {
  try {
    const stat = statSync(path)
    if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs} ${stat.ino}`]
    return readdirSync(path)
      .filter((name) => !name.startsWith('.') && name !== 'node_modules')
      .flatMap((name) => marks(join(path, name)))
  } catch {
    return [`${path} absent`]
  }
}
