import { type Chars, intersect } from './chars.ts'
import type { Node } from './syntax.ts'

/**
 * A regular expression as an automaton (Glushkov's construction): a state for each character set in it, entered by reading a
 * character of that set. `next` counts in how many ways a state follows another: 2 stands for two or more, which is how an
 * expression such as `(a*)*` shows itself.
 */
export interface Automaton {
  readonly sets: readonly number[]
  readonly next: readonly ReadonlyMap<number, number>[]
  /** Id of the intersection of two sets, by their ids; 0 is the empty set. */
  readonly both: (a: number, b: number) => number
}

/** How repetitions with a limit are read; see `growthOf` in safety.ts. */
export interface Reading {
  /** `x?` is taken for `x*`. */
  readonly optionalRepeats: boolean
  /** `x{n}` is written out where all that x matches has one length; false: only if x holds no choice either. Else it is taken for `x+`. */
  readonly writeOutChoices: boolean
}

export const maxStates = 2_000

interface Part {
  /** In how many ways it matches nothing: 0, 1, or 2 for more. */
  readonly empty: number
  readonly first: ReadonlyMap<number, number>
  readonly last: ReadonlyMap<number, number>
}

const none: ReadonlyMap<number, number> = new Map()
const cap = (count: number) => Math.min(count, 2)

/** Builds the automaton. Throws an Error for an expression that is too large, or that repeats what can be nothing. */
export function buildAutomaton(root: Node, reading: Reading): Automaton {
  const pool = createPool()
  const sets: number[] = []
  const next: Map<number, number>[] = []

  function link(from: ReadonlyMap<number, number>, to: ReadonlyMap<number, number>): void {
    for (const [state, ways] of from) {
      const after = next[state] as Map<number, number>
      for (const [target, more] of to) after.set(target, cap((after.get(target) ?? 0) + ways * more))
    }
  }

  function join(a: Part, b: Part): Part {
    link(a.last, b.first)
    return {
      empty: cap(a.empty * b.empty),
      first: a.empty === 0 ? a.first : new Map([...a.first, ...scaled(b.first, a.empty)]),
      last: b.empty === 0 ? b.last : new Map([...b.last, ...scaled(a.last, b.empty)]),
    }
  }

  function build(node: Node): Part {
    if (node.kind === 'chars') {
      if (sets.length >= maxStates) throw new Error('it is too large to be checked')
      const state = sets.push(pool.idOf(node.chars)) - 1
      next.push(new Map())
      const only = new Map([[state, 1]])
      return { empty: 0, first: only, last: only }
    }
    if (node.kind === 'sequence') return node.parts.map(build).reduce(join, { empty: 1, first: none, last: none })
    if (node.kind === 'choice') {
      const parts = node.options.map(build)
      return {
        empty: cap(parts.reduce((sum, part) => sum + part.empty, 0)),
        first: new Map(parts.flatMap((part) => [...part.first])),
        last: new Map(parts.flatMap((part) => [...part.last])),
      }
    }
    return repeat(node)
  }

  function repeat({ of, min, max }: Node & { kind: 'repeat' }): Part {
    if (max === 0) return { empty: 1, first: none, last: none }
    if (min === 1 && max === 1) return build(of)
    if (min === max && oneLength(of) !== undefined && (reading.writeOutChoices || !hasChoice(of))) {
      let whole = build(of)
      for (let copy = 1; copy < min; copy++) whole = join(whole, build(of))
      return whole
    }
    const body = build(of)
    if (max > 1 && body.empty > 0) throw new Error('it repeats a part that can be empty')
    if (max > 1 || (reading.optionalRepeats && body.empty === 0)) link(body.last, body.first)
    return { ...body, empty: min === 0 ? 1 : body.empty }
  }

  build(root)
  return { sets, next, both: pool.both }
}

function* scaled(counts: ReadonlyMap<number, number>, factor: number): Iterable<[number, number]> {
  for (const [state, ways] of counts) yield [state, cap(ways * factor)]
}

/** The length of all texts that match, when there is just one. */
function oneLength(node: Node): number | undefined {
  if (node.kind === 'chars') return 1
  if (node.kind === 'repeat') {
    const length = oneLength(node.of)
    return node.min === node.max && length !== undefined ? length * node.min : undefined
  }
  const lengths = (node.kind === 'sequence' ? node.parts : node.options).map(oneLength)
  if (node.kind === 'choice') return lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined
  return lengths.reduce((sum, length) => (sum === undefined || length === undefined ? undefined : sum + length), 0)
}

function hasChoice(node: Node): boolean {
  if (node.kind === 'chars') return false
  if (node.kind === 'repeat') return hasChoice(node.of)
  return node.kind === 'choice' || node.parts.some(hasChoice)
}

/** Gives equal sets equal ids, and remembers intersections. */
function createPool() {
  const all: Chars[] = [[]]
  const ids = new Map<string, number>([['[]', 0]])
  const known = new Map<number, number>()
  const idOf = (chars: Chars): number => {
    const key = JSON.stringify(chars)
    const id = ids.get(key) ?? all.push(chars) - 1
    ids.set(key, id)
    return id
  }
  const both = (a: number, b: number): number => {
    if (a === b) return a
    const key = a < b ? a * 1_000_003 + b : b * 1_000_003 + a
    let id = known.get(key)
    if (id === undefined) {
      id = idOf(intersect(all[a] as Chars, all[b] as Chars))
      known.set(key, id)
    }
    return id
  }
  return { idOf, both }
}
