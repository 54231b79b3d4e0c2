import type { Frame, Schema } from '../contracts/index.ts'
import { type Choice, takes } from './choices.ts'
import { type Leaf, type Place, leavesOf } from './outline.ts'
import type { Block } from './text.ts'

/** A record that no rule must see. */
export interface Passed {
  readonly passed: true
  readonly schema: Schema
  /** Paths of fields that the schema does not know; the same list for records with the same outline. */
  readonly drift: readonly string[]
  /** As much of its fields as its event time is read from. */
  readonly data: Record<string, unknown>
}

/** Whether a record passes: it stands between `from` and `to`, and the walk over it ended in this place of outlines. */
export type Passing = (place: Place, block: Block, frame: Frame, from: number, to: number) => Passed | undefined

/** Records of an outline that are read before it is worth to be understood. */
const before = 3

interface Known {
  count: number
  choices: readonly Choice[]
}

/** `choicesFor`: the schemas that may take records with these leaves, best first. */
export function createPassing(
  choicesFor: (leaves: readonly Leaf[], sample: Readonly<Record<string, unknown>>) => readonly Choice[],
): Passing {
  const outlines = new Map<Place, Known>()

  function choicesAt(place: Place, block: Block, from: number, to: number): readonly Choice[] {
    let known = outlines.get(place)
    if (known === undefined) outlines.set(place, (known = { count: 0, choices: [] }))
    if (known.count < before && ++known.count === before) {
      const leaves = leavesOf(place)
      if (leaves) known.choices = choicesFor(leaves, block.parse(from, to))
    }
    return known.choices
  }

  return (place, block, frame, from, to) => {
    const choices = choicesAt(place, block, from, to)
    const { valueOf } = block
    for (let n = 0; n < choices.length; n++) {
      const choice = choices[n]!
      if (!takes(choice, valueOf)) continue
      const { schema, drift, interest } = choice
      if (interest.inAll) return undefined
      const data = choice.build(valueOf)
      return interest.concerns(data, frame) ? undefined : { passed: true, schema, drift, data }
    }
    return undefined
  }
}

export const isPassed = (record: object): record is Passed => 'passed' in record
