import { readFileSync, writeFileSync } from 'node:fs'
import { CodedError } from '../../core/errors.ts'
import { openDatabase } from './database.ts'

/**
 * Takes the place of the one engine of a state file, and answers how to give it back. The lock is the operating
 * system's, held on a file beside the state: it ends with the process, however that ends, and no pid is trusted.
 * Throws STORE_LOCKED.
 */
export function lockEngine(path: string, pid: number): () => void {
  const lock = openDatabase(`${path}.lock`, { readOnly: false, timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new CodedError('STORE_LOCKED', `Another engine (process ${holder(path)}) runs on ${path}.`, {
      place: { file: path },
      hint: 'Stop it first, or give this project another storage.path.',
    })
  }
  writeFileSync(`${path}.pid`, `${pid}\n`)
  return () => lock.close()
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === 5

function holder(path: string): string {
  try {
    return readFileSync(`${path}.pid`, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
