import type { Once } from '../contracts/index.ts'

/** Results of reading, kept while one text is classified. */
export interface Shared {
  readonly once: Once
  /** Before the next text: what was read of the last one may have been changed since, and is not to be kept alive. */
  forget(): void
}

interface Entry {
  read: ((text: string) => unknown) | undefined
  text: string
  result: unknown
}

export function createShared(): Shared {
  // A handful: parsers share JSON and the head of syslog. Entries are used again for the next text.
  const entries: Entry[] = []
  let used = 0
  return {
    once<T>(read: (text: string) => T, text: string): T {
      for (let at = 0; at < used; at++) {
        const entry = entries[at]!
        if (entry.read === read && entry.text === text) return entry.result as T
      }
      const result = read(text)
      const entry = (entries[used++] ??= { read: undefined, text: '', result: undefined })
      entry.read = read
      entry.text = text
      entry.result = result
      return result
    },
    forget() {
      for (let at = 0; at < used; at++) {
        const entry = entries[at]!
        entry.read = undefined
        entry.text = ''
        entry.result = undefined
      }
      used = 0
    },
  }
}
