import type { Classified, Classifier } from '../classify/index.ts'
import type { Frame, Schema } from '../contracts/index.ts'
import { envelopePrefix } from '../paths.ts'
import type { Piece } from '../split/index.ts'
import { type Interest, choicesFor } from './choices.ts'
import { createDocuments } from './document.ts'
import { type Passed, createPassing, isPassed } from './passing.ts'
import { type Block, behindSpace, nextText, openBlock } from './text.ts'
import type { Copy } from './store.ts'
import { createWalk } from './walk.ts'
import { wantedBy } from './wanted.ts'

export type { Interest } from './choices.ts'
export { type Passed, isPassed } from './passing.ts'
export type { Copy } from './store.ts'
export type { Block } from './text.ts'

/** Who hears of texts, in their order. */
export interface Visitor {
  /** A text, between two places of the block, that is a record which no rule must see. */
  pass(passed: Passed, block: Block, from: number, to: number): void
  /** A text that holds several records, some of them to be seen. */
  document(records: readonly (Passed | Classified)[], block: Block, from: number, to: number): void
  /** A text that has to be read. */
  read(piece: Piece): void
}

/**
 * Reads JSON without building records. Most records are of a type whose outline was seen before, and hold nothing that a rule asks
 * for: to know that takes a walk over their bytes, and a look at few values. All others are left to who builds them.
 *
 * It says of a text what `Classifier.classify` says of it, and rules would of its records, or nothing.
 */
export interface Skimmer {
  /**
   * Tells of the texts in a block (`from`, `to`) of a frame's bytes, and answers where the first one begins that it is not sure of the
   * end of; from there the block has to be taken apart.
   */
  skim(frame: Frame, bytes: Uint8Array, from: number, to: number, visitor: Visitor): number
}

/** After so many records it is asked whether it was worth it to skim them; if not, so many blocks are left. */
const trial = 2_000
const pause = 500

/** `interestIn`: what rules want to see of a log type. Undefined when no candidate reads JSON. */
export function createSkimmer(
  classifier: Classifier,
  interestIn: (schema: Schema) => Interest,
  copy: Copy = (from, to, at) => to.set(from, at),
): Skimmer | undefined {
  const { groups } = classifier
  const readers = groups.filter(({ readsObject }) => readsObject !== undefined)
  const schemas = readers.flatMap(({ candidates }) => candidates.map(({ schema }) => schema))
  if (schemas.length === 0) return undefined
  const interests = new Map(schemas.map((schema) => [schema, interestIn(schema)]))
  const interestOf = (schema: Schema) => interests.get(schema)!
  const wanted = wantedBy(
    schemas.map(({ fields }) => fields),
    schemas.flatMap((schema) => [...pathsOf(schema), ...interestOf(schema).paths]),
  )
  const begin = () => {
    const walk = createWalk(wanted, copy)
    return {
      walk,
      passing: createPassing((leaves, sample) => choicesFor(groups, leaves, sample, interestOf)),
      documents: createDocuments(classifier, walk, interestOf),
    }
  }
  let learned = begin()
  let walked = 0
  let won = 0
  let left = 0

  /** Whether to go on: what is skimmed in vain costs more than it saves. What was learned may be of logs that are gone. */
  function isWorthIt(): boolean {
    if (left > 0) {
      left--
      return false
    }
    if (walked < trial) return true
    const isWon = won >= walked / 4
    walked = 0
    won = 0
    if (isWon) return true
    left = pause
    learned = begin()
    return false
  }

  return {
    skim(frame, bytes, from, to, visitor) {
      if (!isWorthIt()) return from
      const { walk, passing, documents } = learned
      const block = openBlock(bytes, from, to, walk)
      if (!block) return from
      for (let at = behindSpace(block.bytes, 0); ; ) {
        if (block.bytes[at] !== 0x7b) return from + at
        const document = documents.at(at, block, frame)
        const place = document ? undefined : walk.over(at)
        const end = document ? document.end : place ? walk.end() : walk.skip(at)
        const next = end === undefined ? undefined : nextText(block.bytes, end)
        if (end === undefined || next === undefined) return from + at
        if (document) {
          visitor.document(document.records, block, at, end)
          walked += document.records.length
          won += document.records.filter(isPassed).length
        } else {
          const passed = place && passing(place, block, frame, at, end)
          if (passed) visitor.pass(passed, block, at, end)
          else visitor.read(block.piece(at, end))
          walked++
          if (passed) won++
        }
        at = next
      }
    },
  }
}

/** What classification and the event time look at. */
const pathsOf = ({ time, patterns }: Schema): readonly string[] => [
  ...(time === undefined ? [] : [time]),
  ...Object.keys(patterns ?? {}).filter((path) => !path.startsWith(envelopePrefix)),
]
