import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodedError } from '../../core/errors.ts'

/** A lock that is older was left behind: what it guards takes milliseconds. */
const staleMs = 30_000
const patienceMs = 10_000
const pauseMs = 50

/** Runs `work` while nobody else changes the file at `path`. Throws STORE_LOCKED when others do not let go of it. */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  for (let waited = 0; !(await taken(lock)); waited += pauseMs) {
    if (waited >= patienceMs) {
      throw new CodedError('STORE_LOCKED', `Another command is changing ${path}.`, {
        place: { file: lock },
        hint: `Try again. If no other command is at work, remove ${lock}.`,
      })
    }
    await sleep(pauseMs)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const found = await stat(lock).catch(() => undefined)
  if (found && Date.now() - found.mtimeMs > staleMs) await rm(lock, { force: true })
  return false
}
