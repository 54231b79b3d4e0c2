import { CodedError, messageOf } from '../../core/errors.ts'

const damaged = [
  'The file is damaged. Move it away together with its -wal and -shm files, or put a copy in its place. Without it,',
  'sources are read from their beginning, and alerts that were sent before are sent again.',
].join(' ')

/** What to do, by result code of SQLite (https://www.sqlite.org/rescode.html). */
const hints: Readonly<Record<number, string>> = {
  5: 'Another process writes to it for long; try again.',
  8: 'The file or its folder may not be written to.',
  10: 'The disk reported an error.',
  11: damaged,
  13: 'The disk is full: free some space.',
  14: 'Check that the folder exists and may be written to.',
  26: damaged,
}

/** Any failure of SQLite or of the file system as STORE_FAILED, with what to do; other errors as they are. */
export function storeError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof CodedError) return error
  const { errcode, syscall } = error as { readonly errcode?: number; readonly syscall?: string }
  if (errcode === undefined && syscall === undefined) return error
  return new CodedError('STORE_FAILED', `${path}: ${messageOf(error)}.`, {
    place: { file: path },
    hint: hints[(errcode ?? 0) & 0xff] ?? 'Check the disk, and the rights of the folder.',
    cause: error,
  })
}

/** The same functions, whose failures are told as `storeError` does. */
export function coded<T extends object>(methods: T, path: string): T {
  const wrapped = Object.entries(methods).map(([name, method]: [string, (...given: unknown[]) => unknown]) => [
    name,
    async (...given: unknown[]) => {
      try {
        return await method(...given)
      } catch (error) {
        throw storeError(error, path)
      }
    },
  ])
  return Object.fromEntries(wrapped) as T
}
