/** Joins chunks into one array; a single one is given back as it is. */
export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const only = chunks[0]
  if (chunks.length === 1 && only) return only
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.byteLength
  }
  return joined
}

/**
 * Reads the beginning of a stream, and gives the stream back whole. A failure of the stream shows when the whole is read,
 * behind everything that came before it.
 */
export async function peek(
  body: AsyncIterable<Uint8Array>,
  atLeast: number,
): Promise<{ head: Uint8Array; body: AsyncIterable<Uint8Array> }> {
  const chunks: Uint8Array[] = []
  const iterator = body[Symbol.asyncIterator]()
  let failure: { readonly error: unknown } | undefined
  try {
    for (let size = 0; size < atLeast; ) {
      const next = await iterator.next()
      if (next.done) break
      chunks.push(next.value)
      size += next.value.byteLength
    }
  } catch (error) {
    failure = { error }
  }
  async function* whole() {
    try {
      yield* chunks
      if (failure) throw failure.error
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head: join(chunks), body: whole() }
}
