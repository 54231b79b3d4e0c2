import { mkdirSync } from 'node:fs'
import type { Store } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { type Project, stateFile, stateFolder } from '../../project/index.ts'
import { openSqliteStore, type SqliteOptions } from '../../stores/sqlite/index.ts'

/** Opens the state of a project, in a folder that only its owner may enter. Throws STORE_LOCKED, STORE_FAILED, STORE_NEWER. */
export function openStore(project: Project, options: SqliteOptions): Store {
  const folder = stateFolder(project)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new CodedError('STORE_FAILED', `${messageOf(error)}.`, {
      place: { file: folder },
      hint: 'Check that a folder can be made there: the disk, the rights, and what stands there now.',
    })
  }
  return openSqliteStore(stateFile(project), options)
}
