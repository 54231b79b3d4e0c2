import type { FileHandle } from 'node:fs/promises'
import { CodedError } from '../../core/errors.ts'
import { openFile, statOf } from './content.ts'

/**
 * A handle that bodies of one delivery share. It stays open until it is released and no body is being read, so that a
 * rename cannot put another file into its place. A body that is opened later opens the file again, if it is still there.
 */
export interface Lease {
  read(use: (handle: FileHandle) => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
  /** Looks into the file, unless it was released: then undefined. */
  use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T | undefined>
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

  async function left(): Promise<void> {
    if (--readers === 0 && released) await handle.close()
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
        else await left()
      }
    },
    async use(work) {
      if (released) return undefined
      readers++
      try {
        return await work(handle)
      } finally {
        await left()
      }
    },
    async release() {
      if (released) return
      released = true
      if (readers === 0) await handle.close()
    },
  }
}
