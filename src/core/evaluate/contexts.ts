import type { ParseContext } from '../contracts/index.ts'
import { namesColumns } from '../split/head.ts'
import type { Piece } from '../split/index.ts'

/** What parsers know of the texts of a stream, beside each text. */
export interface Contexts {
  /** Of a text that begins there in its stream. Callers get one object for many texts. */
  of(at: number, piece: Piece): ParseContext
  /** The first line of the stream; where a later one names columns anew, that one. */
  firstLine(): string | undefined
}

export function createContexts(given: string | undefined): Contexts {
  let head = given
  let known: ParseContext | undefined
  return {
    of(at, { text, safeIntegers }) {
      const first = at === 0
      if (!first && head?.startsWith('#') && namesColumns(text)) head = text
      if (known?.first !== first || known.safeIntegers !== safeIntegers || known.firstLine !== head)
        known = { first, safeIntegers, ...(head !== undefined && { firstLine: head }) }
      return known
    },
    firstLine: () => head,
  }
}
