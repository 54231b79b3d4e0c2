import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { expandBraces, pathMatcher, type Segment, segmentsOf } from './glob.ts'

/** What one look at the folders gave. */
export interface Found {
  /** Absolute paths of what may be regular files (links are not yet followed), sorted. */
  readonly files: readonly string[]
  /** The folders that were looked into. */
  readonly folders: ReadonlySet<string>
  /** Patterns that matched nothing. */
  readonly unmatched: readonly string[]
  /** Folders that could not be read. */
  readonly problems: readonly { readonly path: string; readonly error: unknown }[]
}

/** A path as it is written in positions: relative to the project where it lies inside, with `/`. */
export function projectPath(projectDir: string, path: string): string {
  const inside = relative(projectDir, path)
  const shown = inside.startsWith('..') || isAbsolute(inside) ? path : inside
  return sep === '/' ? shown : shown.split(sep).join('/')
}

/**
 * Looks for files by globs. A path that names a folder means all files below it. Links to files are followed, links to
 * folders only where a pattern names that step, never under `**`, so that loops end.
 */
export function createFinder(projectDir: string, globs: readonly string[], exclude: readonly string[]) {
  const excluded = exclude.length > 0 ? pathMatcher(exclude) : () => false
  const patterns = globs.flatMap((glob) =>
    expandBraces(glob).map((one) => ({
      glob,
      root: isAbsolute(one) ? resolve('/') : projectDir,
      segments: segmentsOf(one),
    })),
  )

  return async function find(): Promise<Found> {
    const files = new Set<string>()
    const listed = new Map<string, Promise<readonly Dirent[]>>()
    const problems: { path: string; error: unknown }[] = []
    const matched = new Set<string>()

    const list = (folder: string): Promise<readonly Dirent[]> => {
      const known = listed.get(folder)
      if (known) return known
      const entries = readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') problems.push({ path: folder, error })
        return []
      })
      listed.set(folder, entries)
      return entries
    }

    for (const { glob, root, segments } of patterns) {
      const seen = new Set<string>()
      const add = (path: string) => {
        if (excluded(projectPath(projectDir, path))) return
        files.add(path)
        matched.add(glob)
      }

      const visit = async (folder: string, rest: readonly Segment[]): Promise<void> => {
        const key = `${rest.length}:${folder}`
        const segment = rest[0]
        if (segment === undefined || seen.has(key)) return
        seen.add(key)
        const after = rest.slice(1)
        if (segment === 'any-depth') {
          await visit(folder, after)
          for (const entry of await list(folder)) {
            const path = join(folder, entry.name)
            if (!entry.isDirectory() || entry.name.startsWith('.') || excluded(projectPath(projectDir, path))) continue
            await visit(path, rest)
          }
        } else if ('name' in segment) {
          const path = join(folder, segment.name)
          if (after.length > 0) return visit(path, after)
          const entry = (await list(folder)).find((one) => one.name === segment.name)
          if (entry?.isDirectory() || (entry?.isSymbolicLink() && (await isFolder(path)))) await visit(path, allBelow)
          else if (entry?.isFile() || entry?.isSymbolicLink()) add(path)
        } else {
          for (const entry of await list(folder)) {
            if (!segment.pattern.test(entry.name)) continue
            const path = join(folder, entry.name)
            if (after.length === 0) {
              if (entry.isFile() || entry.isSymbolicLink()) add(path)
            } else if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(path))))
              await visit(path, after)
          }
        }
      }
      await visit(root, segments)
    }
    const unmatched = globs.filter((glob) => !matched.has(glob))
    return { files: [...files].sort(), folders: new Set(listed.keys()), unmatched, problems }
  }
}

const allBelow = segmentsOf('**')

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}
