import { CodedError, messageOf } from '../../core/errors.ts'

/** What a decoder throws for bytes that are cut off or not what they claim to be. */
export const damaged = (cause: unknown) =>
  new CodedError('BODY_DAMAGED', `The compressed data is damaged or cut off: ${messageOf(cause)}.`, {
    hint: 'Compare it with its original; what could be read before the damage is kept.',
    cause,
  })

/** What a decoder throws for bytes that grow past a limit. `limit`: in words. */
export const tooLarge = (limit: string) =>
  new CodedError('BODY_TOO_LARGE', `The compressed data grows to ${limit}.`, {
    hint: 'This may be an attack. If the data is good, send it in smaller pieces.',
  })

/** True for zlib's own errors about bytes, as opposed to errors of the body or of the reader. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('Z_') || code.startsWith('ZSTD_')
}

/** zlib's error of a synchronous call, as a coded one. */
export function decodeError(error: unknown, maxBytes: number): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
    return tooLarge(`more than ${maxBytes} bytes`)
  }
  return isDamage(error) ? damaged(error) : error
}
