import { type FSWatcher, watch } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Hints about changes, where the platform gives any: local file systems mostly do, network file systems do not. They only
 * make the source look sooner than it would have.
 */
export interface Watcher {
  /** The folders to watch from now on. */
  follow(folders: ReadonlySet<string>): void
  close(): void
}

/** More folders than this are left to polling: each costs a kernel resource that others need too. */
const mostFolders = 4096

/** `onChange`: something was written to `path`; `listing`: a name came or went. */
export function createWatcher(onChange: (path: string, listing: boolean) => void): Watcher {
  const watchers = new Map<string, FSWatcher>()
  /** No more watches are to be had. */
  let full = false

  function drop(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  function add(folder: string): void {
    if (full || watchers.size >= mostFolders) return
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        // A folder that goes takes its watch along; when it comes again it is a new one.
        if (event === 'rename' && name === basename(folder)) drop(folder)
        onChange(name === null ? folder : join(folder, name), event === 'rename' || name === null)
      })
      watcher.on('error', () => drop(folder))
      watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      full = code === 'ENOSPC' || code === 'EMFILE'
    }
  }

  return {
    follow(folders) {
      for (const folder of watchers.keys()) if (!folders.has(folder)) drop(folder)
      for (const folder of folders) if (!watchers.has(folder)) add(folder)
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder)
    },
  }
}
