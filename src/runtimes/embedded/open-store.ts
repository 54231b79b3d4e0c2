import { mkdirSync } from 'node:fs'
import type { Store } from '../../core/contracts/index.ts'
import { type Project, stateFile, stateFolder } from '../../project/index.ts'
import { openSqliteStore, type SqliteOptions } from '../../stores/sqlite/index.ts'

/** Opens the state of a project, in a folder that only its owner may enter. Throws STORE_LOCKED, STORE_FAILED, STORE_NEWER. */
export function openStore(project: Project, options: SqliteOptions): Store {
  mkdirSync(stateFolder(project), { recursive: true, mode: 0o700 })
  return openSqliteStore(stateFile(project), options)
}
