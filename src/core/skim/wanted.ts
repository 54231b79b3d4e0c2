import { unwrap } from '../fields/compile.ts'
import { type Field, type Fields, isWrapper } from '../fields/spec.ts'
import { stepsOf } from '../paths.ts'

/**
 * What inside of a value makes a difference to somebody: to a schema that may take the record, or to a rule. Lists are passed
 * over: what is said here of a list is said of its elements.
 */
export interface Wanted {
  readonly keys: ReadonlyMap<string, Wanted>
  /** Any other key makes a difference too: a schema knows it not, or takes any. */
  readonly all: boolean
  /** What makes a difference in the values of other keys. */
  readonly every: Wanted | undefined
  /** The elements of a list make a difference, not only that it is one. */
  readonly lists: boolean
}

/** Nothing in it does. */
export const nothing: Wanted = { keys: new Map(), all: false, every: undefined, lists: false }

interface Growing {
  keys: Map<string, Growing>
  all: boolean
  every: Growing | undefined
  lists: boolean
}

const empty = (): Growing => ({ keys: new Map(), all: false, every: undefined, lists: false })

/** `fields`: of schemas; `paths`: into records, all of what stands there is wanted. Throws SCHEMA_INVALID for what is no path. */
export function wantedBy(fields: readonly Fields[], paths: readonly string[]): Wanted {
  const root = empty()
  for (const each of fields) addFields(root, each)
  for (const path of paths) addPath([root], stepsOf(path))
  spread(root)
  return root
}

function addFields(at: Growing, fields: Fields): void {
  at.all = true
  for (const [name, field] of Object.entries(fields)) addField(childOf(at, name), field)
}

function addField(at: Growing, field: Field): void {
  const { of } = unwrap(field)
  if (typeof of === 'string') return
  if (!isWrapper(of)) return addFields(at, of)
  if (unwrap(of.of).of === 'json') return
  if (of.kind === 'list') {
    at.lists = true
    addField(at, of.of)
  } else {
    at.all = true
    addField((at.every ??= empty()), of.of)
  }
}

/** A step without a name goes to each element of a list, or to each value of an object; a number is a key of an object, too. */
function addPath(from: readonly Growing[], steps: ReturnType<typeof stepsOf>): void {
  let places = from
  for (const step of steps) {
    for (const place of places) place.lists = true
    if (typeof step === 'string') places = places.map((place) => childOf(place, step))
    else {
      for (const place of places) place.all = true
      places = places.flatMap((place) => [place, (place.every ??= empty())])
    }
  }
  for (const place of places) place.lists = true
}

function childOf(at: Growing, name: string): Growing {
  const known = at.keys.get(name) ?? empty()
  at.keys.set(name, known)
  return known
}

/** What is wanted in each value is wanted in those with known keys. */
function spread(at: Growing): void {
  for (const child of at.keys.values()) {
    if (at.every) add(child, at.every)
    spread(child)
  }
  if (at.every) spread(at.every)
}

function add(to: Growing, from: Growing): void {
  to.all ||= from.all
  to.lists ||= from.lists
  for (const [name, child] of from.keys) add(childOf(to, name), child)
  if (from.every) add((to.every ??= empty()), from.every)
}
