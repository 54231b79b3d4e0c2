import type { Store } from './store.ts'
import { type Wanted, nothing } from './wanted.ts'

/** What kinds of values stand in outlines; wasm/walk.ts has the same numbers. */
export const kinds = {
  text: 0,
  integer: 1,
  /** A number that is written with a fraction or an exponent. */
  fraction: 2,
  true: 3,
  false: 4,
  null: 5,
  object: 6,
  list: 7,
  /** No value: an object or a list is complete. */
  end: 8,
  /** An integer of more than 15 digits: beyond 2^53 it is the text of its digits, see core/json.ts. */
  long: 9,
} as const

/** An object or a list that is open. */
interface Container {
  readonly wanted: Wanted
  readonly isList: boolean
  readonly outer: Container | undefined
  readonly depth: number
}

/**
 * A place in the outline of records: the keys and kinds of values that make a difference, in the order in which records have them.
 * Records with the same outline end in the same place.
 */
export interface Place {
  /** Where it lies in the memory. */
  readonly at: number
  /** Undefined: the record is complete. */
  readonly inside: Container | undefined
  /** How it was reached: from where, by which key (none for elements of lists, and at ends), and the kind of the value. */
  readonly before: Place | undefined
  readonly key: Key | undefined
  readonly kind: number
  /** How many keys are known here. */
  keys: number
}

export interface Key {
  readonly at: number
  readonly name: string
  /** Undefined: the value makes no difference, and is no part of the outline. */
  readonly wanted: Wanted | undefined
}

/** Containers nest no deeper than this where they make a difference. */
const deepest = 32
/** Keys that are remembered in one place: of those that make a difference, and of others. */
const mostKeys = 64
const mostOthers = 16

export interface Outlines {
  /** Behind the opening bracket of a record. */
  readonly start: Place
  /**
   * Learns what the walk did not know: of a place, the kind of a value behind a key (0: of an element, or the end), or a key by name. False
   * when there is too much of it, or it cannot be part of an outline.
   */
  learnKind(place: number, key: number, kind: number): boolean
  learnKey(place: number, name: string): boolean
  placeAt(at: number): Place
}

/** Keeps outlines in a memory, where the walk finds them. */
export function createOutlines(root: Wanted, store: Store): Outlines {
  const places = new Map<number, Place>()
  const keys = new Map<number, Key>()

  function addPlace(
    inside: Container | undefined,
    before?: Place,
    key?: Key,
    kind: number = kinds.end,
  ): Place | undefined {
    const at = store.place(flagsOf(inside))
    if (at === undefined) return undefined
    const place: Place = { at, inside, before, key, kind, keys: 0 }
    places.set(at, place)
    return place
  }

  function addKey(place: Place, name: string, wanted: Wanted | undefined): boolean {
    const at = store.key(place.at, name, wanted ? opened(wanted) | flags.isNoted : 0)
    if (at === undefined) return false
    keys.set(at, { at, name, wanted })
    place.keys++
    return true
  }

  /** From now on what is not known here makes no difference. */
  function crowd(place: Place): boolean {
    for (const [name, wanted] of place.inside!.wanted.keys) {
      // A name that has to be escaped is left to JSON.parse wherever it comes.
      const isPlain = JSON.stringify(name).length === name.length + 2
      if (isPlain && !store.hasKey(place.at, name) && !addKey(place, name, wanted)) return false
    }
    store.crowd(place.at)
    return true
  }

  function insideAfter({ inside }: Place, key: Key | undefined, kind: number): Container | undefined {
    if (kind === kinds.end) return inside!.outer
    const wanted = key ? key.wanted! : inside!.wanted
    const isOpened =
      opened(wanted) & (kind === kinds.list ? flags.opensLists : kind === kinds.object ? flags.opensObjects : 0)
    return isOpened ? { wanted, isList: kind === kinds.list, outer: inside, depth: inside!.depth + 1 } : inside
  }

  return {
    start: addPlace({ wanted: root, isList: false, outer: undefined, depth: 0 })!,
    placeAt: (at) => places.get(at)!,
    learnKind(from, by, kind) {
      const place = places.get(from)!
      const key = keys.get(by)
      const inside = insideAfter(place, key, kind)
      if (inside !== undefined && inside.depth > deepest) return false
      const next = addPlace(inside, place, key, kind)
      if (next === undefined) return false
      store.link(place.at, key?.at, kind, next.at)
      return true
    },
    learnKey(from, name) {
      if (name === '__proto__' || name.includes('\\')) return false
      const place = places.get(from)!
      const { wanted } = place.inside!
      const inner = wanted.keys.get(name) ?? wanted.every ?? (wanted.all ? nothing : undefined)
      if (inner) return place.keys < mostKeys && addKey(place, name, inner)
      return place.keys < mostOthers ? addKey(place, name, undefined) : crowd(place)
    },
  }
}

/** What the walk has to know of places and keys; wasm/walk.ts has the same numbers. */
export const flags = { isList: 1, opensObjects: 2, opensLists: 4, isNoted: 8, isComplete: 16, isCrowded: 32 } as const

/** Which containers are part of the outline with what is in them. */
const opened = ({ keys, all, every, lists }: Wanted): number =>
  (all || keys.size > 0 || every !== undefined ? flags.opensObjects : 0) | (lists ? flags.opensLists : 0)

/** What a list says of its elements, its places do. */
const flagsOf = (inside: Container | undefined): number =>
  inside === undefined ? flags.isComplete : (inside.isList ? flags.isList : 0) | opened(inside.wanted)

/** A value in an outline: where it stands in the record, its kind, and its number among the texts and numbers of the record. */
export interface Leaf {
  readonly path: readonly (string | number)[]
  readonly kind: number
  /** -1 for others. */
  readonly slot: number
}

/**
 * The values that records have which end in this place; undefined when one has a key twice, for which `JSON.parse` keeps the
 * last value.
 */
export function leavesOf(final: Place): readonly Leaf[] | undefined {
  const places: Place[] = []
  for (let place = final; place.before; place = place.before) places.unshift(place)
  const leaves: Leaf[] = []
  const seen = new Set<string>()
  const path: (string | number)[] = []
  /** For each open list the number of the next element; for objects undefined. */
  const open: (number | undefined)[] = [undefined]
  let slot = 0
  for (const { key, kind, inside, before } of places) {
    if (kind === kinds.end) {
      path.pop()
      open.pop()
      continue
    }
    const inner = open.length - 1
    const step = key ? key.name : open[inner]!
    if (!key) open[inner] = open[inner]! + 1
    const at = [...path, step]
    const name = JSON.stringify(at)
    if (seen.has(name)) return undefined
    seen.add(name)
    if (inside !== before!.inside) {
      path.push(step)
      open.push(kind === kinds.list ? 0 : undefined)
    } else leaves.push({ path: at, kind, slot: hasSlot(kind) ? slot++ : -1 })
  }
  return leaves
}

/** Texts and numbers: what they are is not told by their kind. */
export const hasSlot = (kind: number): boolean => kind <= kinds.fraction || kind === kinds.long
