import { realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile } from '../../project/index.ts'
import type { CodeInput } from './worker-input.ts'

/** Folders of a project that hold code, and what code reads. The rest may hold logs, state and secrets. */
const codeFolders = ['rules', 'schemas', 'publishers', 'lookups', 'lib', 'node_modules']

/** Folders of this package that hold its code, in the clone and where it is published. */
const packageFolders = ['src', 'schemas', 'rules', 'dist', 'node_modules']

/**
 * Arguments of Node that leave a process what evaluation needs: to read the project's code, this package and `node_modules`. It
 * writes no file, starts no process and no thread, and loads no native addon; `node:sqlite`, which Node 24 does not put
 * under its permission model, is switched off. Node 24 does not cover the network; from 25 on it is denied too.
 */
export function permissionsFor({ dir, lookups }: Pick<CodeInput, 'dir' | 'lookups'>): string[] {
  const home = fileURLToPath(packageFile('')).replace(/[/\\]$/, '')
  const readable = [
    ...packageFolders.map((name) => join(home, name, '*')),
    ...codeFolders.map((name) => join(dir, name, '*')),
    ...[home, dir]
      .flatMap(above)
      .flatMap((folder) => [join(folder, 'package.json'), join(folder, 'node_modules', '*')]),
    ...lookups.filter(({ kind }) => kind === 'file').map(({ options }) => resolve(dir, (options as FileTable).path)),
  ]
  // Node asks for the place that a symbolic link leads to.
  const real = new Set([...readable, ...readable.map(realPath)])
  return ['--permission', '--no-experimental-sqlite', ...[...real].map((path) => `--allow-fs-read=${path}`)]
}

/** Options of a lookup of the kind `file`. */
interface FileTable {
  readonly path: string
}

function realPath(path: string): string {
  const [, folder, rest] = /^(.*?)([/\\]\*)?$/s.exec(path)!
  try {
    return realpathSync(folder!) + (rest ?? '')
  } catch {
    return path
  }
}

/** A folder and those it lies in: where Node looks for packages. */
const above = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...above(dirname(folder))]
