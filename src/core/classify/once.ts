import type { Once } from '../contracts/index.ts'

/** Results of reading, kept while one text is classified. */
export interface Shared {
  readonly once: Once
  /** Before the next text: what was read of the last one may have been changed since, and is not to be kept alive. */
  forget(): void
}

export function createShared(): Shared {
  const readers: ((text: string) => unknown)[] = []
  const texts: string[] = []
  const results: unknown[] = []
  return {
    once<T>(read: (text: string) => T, text: string): T {
      // A handful at most: parsers share JSON and the head of syslog.
      for (let at = 0; at < readers.length; at++) {
        if (readers[at] === read && texts[at] === text) return results[at] as T
      }
      const result = read(text)
      readers.push(read)
      texts.push(text)
      results.push(result)
      return result
    },
    forget() {
      readers.length = texts.length = results.length = 0
    },
  }
}
