import type { Store } from '../core/contracts/index.ts'
import { loadProject, stateFile } from '../project/load.ts'
import { openSqliteStore } from '../stores/index.ts'
import type { Cli } from './cli.ts'

/** Runs `use` with the project's state, opened for reading only: an engine may be at work on it. */
export async function withStore<T>(cli: Cli, use: (store: Store) => Promise<T>): Promise<T> {
  const project = await loadProject(cli.dir)
  const store = openSqliteStore(stateFile(project), { readOnly: true })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
