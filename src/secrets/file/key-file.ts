import { open } from 'node:fs/promises'
import { CodedError } from '../../core/errors.ts'
import { locked } from '../shared/locked.ts'
import { writeAtomic } from '../shared/write-atomic.ts'
import type { KeyText } from './keys.ts'

const notice =
  '# Keys of StreamAlert secrets, one a line. Who has this file can read them: keep it away from backups of projects.\n'

/** More is no file of keys. */
const longestFile = 65_536

/**
 * The keys in a file, one a line; lines that begin with `#` are remarks. An absent file has none. Throws SECRET_KEY when
 * anybody but its owner may read or write it.
 */
export async function readKeys(path: string): Promise<readonly KeyText[]> {
  let file
  try {
    file = await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? 'it cannot be opened')
  }
  try {
    const { mode, size } = await file.stat().then((found) => {
      if (!found.isFile() || found.size > longestFile) throw unreadable(path, 'it is not a file of keys')
      return found
    })
    if (size > 0 && (mode & 0o077) !== 0) throw openToOthers(path, mode)
    const lines = (await file.readFile('utf8')).split('\n').map((line) => line.trim())
    return lines.filter((line) => line !== '' && !line.startsWith('#'))
  } finally {
    await file.close()
  }
}

/** Adds a key. The file and its folder are made for their owner alone. */
export const addKey = (path: string, text: KeyText): Promise<void> =>
  locked(path, async () => writeKeys(path, [text, ...(await readKeys(path))]))

/** Removes the keys that `isGone` says. */
export const removeKeys = (path: string, isGone: (text: KeyText) => Promise<boolean>): Promise<void> =>
  locked(path, async () => {
    const keys = await readKeys(path)
    const gone = await Promise.all(keys.map(isGone))
    await writeKeys(
      path,
      keys.filter((_, index) => !gone[index]),
    )
  })

const writeKeys = (path: string, keys: readonly KeyText[]) => writeAtomic(path, `${notice}${keys.join('\n')}\n`, 0o600)

const unreadable = (path: string, why: string) =>
  new CodedError('SECRET_KEY', `The key file ${path} cannot be read: ${why}.`, { place: { file: path } })

const openToOthers = (path: string, mode: number) =>
  new CodedError(
    'SECRET_KEY',
    `Others than its owner may use the key file ${path} (mode ${(mode & 0o777).toString(8)}).`,
    {
      place: { file: path },
      hint: `Run: chmod 600 ${path}. If others could have read it, also run: streamalert secret rotate.`,
    },
  )
