import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { storeContract } from '../../testing/store-contract.ts'
import { openSqliteStore } from './index.ts'

storeContract('SQLite store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-store-'))
  const path = join(folder, 'state.db')
  const store = openSqliteStore(path)
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return { store, again: async () => openSqliteStore(path) }
})
