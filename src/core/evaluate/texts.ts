import type { Classified, Classifier, Unclassified } from '../classify/index.ts'
import type { Frame } from '../contracts/index.ts'
import type { Code } from '../errors.ts'
import { type Visitor, isPassed } from '../skim/index.ts'
import { type Piece, bytesOf } from '../split/index.ts'
import type { Contexts } from './contexts.ts'
import type { Guard } from './guard.ts'
import type { Items } from './items.ts'
import type { Refusals } from './refusals.ts'

/** Takes the texts of a frame, in their order: what is a record goes to `items`, what is none to `refusals`. `bytes`: of the frame, decoded. */
export function createTexts(
  { origin, offset }: Frame,
  bytes: Uint8Array,
  classifier: Classifier,
  guard: Guard,
  contexts: Contexts,
  items: Items,
  refusals: Refusals,
): Visitor {
  let index = 0
  const positionOf = (piece: Piece) => `${origin}#${offset + piece.offset}`
  const refuseSlow = (piece: Piece) => refusals.add(positionOf(piece), piece.text, bytesOf(piece, bytes), tooSlow)

  return {
    read(piece) {
      const { text } = piece
      const at = offset + piece.offset
      const number = index++
      if (!guard.parsing(number)) return refuseSlow(piece)
      const found = classifier.classify(text, contexts.of(at, piece))
      for (let n = 0; n < found.length; n++) {
        const one = found[n]!
        const several = found.length > 1
        if (isClassified(one)) items.add(one, at, several ? n : undefined, text)
        else if (several)
          refusals.add(`${positionOf(piece)}[${n}]`, String(n) + text, rawOf(one) ?? bytesOf(piece, bytes), one)
        else refusals.text(positionOf(piece), piece, rawOf(one) ?? bytesOf(piece, bytes), number, one)
      }
    },
    pass({ schema, drift, data }, block, from, to) {
      if (guard.parsing(index++)) items.pass(schema, drift, data)
      else refuseSlow(block.piece(from, to))
    },
    document(records, block, from, to) {
      if (!guard.parsing(index++)) return refuseSlow(block.piece(from, to))
      const at = offset + block.start + from
      for (const [n, one] of records.entries()) {
        if (isPassed(one)) items.pass(one.schema, one.drift, one.data)
        else items.add(one, at, n)
      }
    },
  }
}

const isClassified = (one: Classified | Unclassified): one is Classified =>
  (one as Partial<Classified>).schema !== undefined

const tooSlow = {
  reason: 'RECORD_TOO_SLOW' as Code,
  message: 'Parsing this record did not come to an end within the time a worker may take, twice.',
}

/** One record out of a larger document is kept on its own, not with the whole document. */
const rawOf = ({ text }: Unclassified) => (text === undefined ? undefined : new TextEncoder().encode(text))
