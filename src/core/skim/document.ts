import type { Classified, Classifier } from '../classify/index.ts'
import type { Group } from '../classify/group.ts'
import type { Frame, Schema } from '../contracts/index.ts'
import { type Interest, choicesAmong } from './choices.ts'
import { type Passed, type Passing, createPassing } from './passing.ts'
import { type Block, behindBlanks, startsWith } from './text.ts'
import type { Walk } from './walk.ts'

/** The records of a document, in their order: those that pass, and those that were read. */
export interface Document {
  readonly records: readonly (Passed | Classified)[]
  /** Behind the document. */
  readonly end: number
}

export interface Documents {
  /** The document that begins here; undefined when it is none whose records are known to be all that it holds. */
  at(at: number, block: Block, frame: Frame): Document | undefined
}

/** Documents with nothing but a list of records under a key, such as `{"Records":[…]}`. */
interface Kind {
  readonly key: string
  readonly opening: Uint8Array
  readonly passing: Passing
  /** Another parser could make something of such a document, if no record in it is taken by a candidate of a better rank. */
  readonly otherRank: number
  readonly rankOf: ReadonlyMap<Schema, number>
}

export function createDocuments(
  classifier: Classifier,
  walk: Walk,
  interestIn: (schema: Schema) => Interest,
): Documents {
  const kinds = kindsOf(classifier.groups, interestIn)

  /** A record on its own, in a document of its own. */
  function read(kind: Kind, text: string): Classified | undefined {
    const found = classifier.classify(`{${JSON.stringify(kind.key)}:[${text}]}`, { first: false })
    const [one] = found
    return found.length === 1 && one !== undefined && 'schema' in one ? one : undefined
  }

  function records(kind: Kind, from: number, block: Block, frame: Frame): Document | undefined {
    const { bytes, between } = block
    const records: (Passed | Classified)[] = []
    let best = Number.POSITIVE_INFINITY
    for (let at = from; ; ) {
      at = behindBlanks(bytes, at)
      if (bytes[at] !== 0x7b) return undefined
      const place = walk.over(at)
      const end = place ? walk.end() : walk.skip(at)
      if (end === undefined) return undefined
      const one = (place && kind.passing(place, block, frame, at, end)) ?? read(kind, between(at, end))
      if (!one) return undefined
      records.push(one)
      best = Math.min(best, kind.rankOf.get(one.schema) ?? Number.POSITIVE_INFINITY)
      at = behindBlanks(bytes, end)
      if (bytes[at] === 0x2c) at++
      else if (bytes[at] === 0x5d) {
        at = behindBlanks(bytes, at + 1)
        // One record alone is told as the whole document.
        return bytes[at] === 0x7d && records.length > 1 && best < kind.otherRank ? { records, end: at + 1 } : undefined
      } else return undefined
    }
  }

  return {
    at(at, block, frame) {
      const kind = kinds.find(({ opening }) => startsWith(block.bytes, at, opening))
      return kind && records(kind, at + kind.opening.length, block, frame)
    },
  }
}

function kindsOf(groups: readonly Group[], interestIn: (schema: Schema) => Interest): readonly Kind[] {
  return groups.flatMap((group) => {
    const key = group.readsObject?.list
    if (key === undefined) return []
    const { candidates } = group
    const others = groups.filter((other) => other !== group && mayRead(other, key))
    return {
      key,
      opening: new TextEncoder().encode(`{${JSON.stringify(key)}:[`),
      passing: createPassing((leaves, sample) => choicesAmong(candidates, leaves, sample, interestIn)),
      otherRank: Math.min(...others.map(({ rank }) => rank)),
      rankOf: new Map(candidates.map(({ schema, rank }) => [schema, rank])),
    }
  })
}

/** Whether a parser may make something of an object with this one key. */
function mayRead({ readsObject, begins, candidates }: Group, key: string): boolean {
  if (!begins(0x7b)) return false
  if (!readsObject || readsObject.unless.includes(key)) return true
  return readsObject.is === 'record' && candidates.some(({ required }) => required.every((name) => name === key))
}
