import { expect } from 'vitest'
import { decoders } from '../../decoders/index.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceEngine } from '../../testing/source-engine.ts'
import { createPlace } from './fixture.ts'

/** Each record is posted to whoever listens; where nobody does, a source is started for it that reads nothing. */
sourceContract(
  'http',
  async () => {
    const place = await createPlace()

    async function postAll(url: string, texts: readonly string[]): Promise<boolean> {
      try {
        for (const body of texts) expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
        return true
      } catch (error) {
        if (error instanceof TypeError) return false
        throw error
      }
    }

    async function putWithoutReader(texts: readonly string[]): Promise<void> {
      const ended = new AbortController()
      const before = place.listening().length
      const source = place.open(createSourceEngine().state)
      const reading = source.read({ signal: ended.signal, once: false })[Symbol.asyncIterator]()
      const first = reading.next()
      while (place.listening().length === before) await new Promise((resolve) => setTimeout(resolve, 5))
      await postAll(place.listening().at(-1)!, texts)
      ended.abort()
      await first
      await reading.return?.()
    }

    return {
      async put(texts) {
        const url = place.listening().at(-1)
        if (url === undefined || !(await postAll(url, texts))) await putWithoutReader(texts)
      },
      open: place.open,
      close: place.close,
    }
  },
  { decoders },
)
