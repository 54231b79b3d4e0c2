import type { FileHandle } from 'node:fs/promises'
import { CodedError } from '../../core/errors.ts'
import { openFile, statOf } from './content.ts'

/**
 * A handle that bodies of one delivery share. It stays open until it is released and no body is being read, so that a
 * rename cannot put another file into its place. A body that is opened later opens the file again, if it is still there.
 */
export interface Lease {
  read(use: (handle: FileHandle) => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  release(): Promise<void>
}

export function createLease(handle: FileHandle, path: string, hint: string): Lease {
  let readers = 0
  let released = false

  async function reopen(): Promise<FileHandle> {
    const again = await openFile(path)
    if (statOf(await again.stat({ bigint: true }))?.hint === hint) return again
    await again.close()
    throw new CodedError('SOURCE_CHANGED', 'The file was replaced before it was read.', { retry: 'later' })
  }

  return {
    async *read(use) {
      const late = released
      const opened = late ? await reopen() : handle
      if (!late) readers++
      try {
        yield* use(opened)
      } finally {
        if (late) await opened.close()
        else if (--readers === 0 && released) await handle.close()
      }
    },
    async release() {
      if (released) return
      released = true
      if (readers === 0) await handle.close()
    },
  }
}
