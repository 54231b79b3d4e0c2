import { finished, type Readable } from 'node:stream'
import type { Input } from '../../core/input.ts'

/** A stream of Node as an input; opened when it is first read. */
export function createInput(open: () => Readable): Input & { close(): void } {
  const back: Uint8Array[] = []
  let ended = false
  let failure: Error | undefined
  let wake = () => {}

  const settle = (error?: Error | null) => {
    ended = true
    failure = error ?? undefined
    wake()
  }
  let stream: Readable | undefined
  function begin(): Readable {
    const opened = open()
    finished(opened, { writable: false }, settle)
    opened.on('readable', () => wake())
    return opened
  }

  return {
    async read(signal) {
      stream ??= begin()
      for (;;) {
        if (signal.aborted) return undefined
        const chunk = back.pop() ?? (stream.read() as Uint8Array | null)
        if (chunk) return chunk
        if (failure) throw failure
        if (ended) return undefined
        await new Promise<void>((resolve) => {
          wake = () => {
            signal.removeEventListener('abort', wake)
            resolve()
          }
          signal.addEventListener('abort', wake)
        })
      }
    },
    close: () => void stream?.destroy(),
    putBack: (bytes) => void back.push(bytes),
    get ended() {
      return ended && back.length === 0
    },
  }
}
