import { type GateOnce, askOnce } from './gates.ts'
import { type Candidate, type Distance, compareSchemas, compileCandidate } from './candidate.ts'
import type { ObjectReading, Parser, ParseText, Parsed, Schema } from '../contracts/index.ts'
import { isObject, rejected } from '../fields/check.ts'

/** A candidate with its place among all: 0 is tried first. */
export type Ranked = Candidate & { readonly rank: number }

/** The candidate that takes a record, and what its test said. */
export interface Picked {
  readonly candidate: Ranked
  readonly verdict: number
}

/** Schemas that share a parser and its options: a text is parsed once for all of them. */
export interface Group {
  /** Name of the parser. */
  readonly parser: string
  readonly parse: ParseText
  /** What a text must pass to be worth parsing. */
  readonly gate: GateOnce | undefined
  /** Whether it may read a text that begins with this character. */
  begins(code: number): boolean
  /** A text must contain one of them; undefined: it need not. */
  readonly words: readonly string[] | undefined
  /** Its candidates, by rank. */
  readonly candidates: readonly Ranked[]
  /** What its parser makes of JSON objects, where that is known without parsing. */
  readonly readsObject: ObjectReading | undefined
  /** Rank of its first candidate: nothing in the group is better. */
  readonly rank: number
  /** The first candidate by rank that takes the record, if its rank is better than `below`. */
  pick(record: Parsed, below: number): Picked | undefined
  /** The candidate that comes nearest to a record that none takes, and how near that is. */
  nearest(record: Parsed): { readonly candidate: Ranked; readonly distance: Distance }
}

/** Groups in the order of their first candidates. Throws what the parsers throw about their options. */
export function compileGroups(schemas: readonly Schema[]): readonly Group[] {
  const groups = new Map<string, Ranked[]>()
  for (const [rank, schema] of [...schemas].sort(compareSchemas).entries()) {
    const key = sharingKey(schema)
    const candidate = { ...compileCandidate(schema), rank }
    const group = groups.get(key)
    if (group) group.push(candidate)
    else groups.set(key, [candidate])
  }
  const gates = new Map<string, GateOnce>()
  return [...groups.values()].map((candidates) => {
    const group = compileGroup(candidates)
    const { parser, options } = candidates[0]!.schema.parse
    const gate = parser.gate?.(
      options,
      candidates.map(({ required, requiredAround }) => [...requiredAround, ...required]),
    )
    if (gate && !gates.has(gate.name)) gates.set(gate.name, askOnce(gate))
    return { ...group, gate: gate && gates.get(gate.name), begins: gate?.begins ?? (() => true), words: gate?.words }
  })
}

/** Equal for schemas that can share a parse: the same parser, options, and field names where those count. */
function sharingKey({ parse: { parser, options }, fields }: Schema): string {
  const usesFields = parser.usesFields ? parser.usesFields(options) : parser.compile.length > 1
  // Options may hold further parsers, which are not plain data.
  const plain = (_: string, value: unknown) => (isParser(value) ? value.name : value)
  return JSON.stringify([parser.name, options, usesFields ? Object.keys(fields) : []], plain)
}

const isParser = (value: unknown): value is Parser =>
  isObject(value) && typeof value['compile'] === 'function' && typeof value['name'] === 'string'

function compileGroup(candidates: readonly Ranked[]): Omit<Group, 'gate' | 'begins' | 'words'> {
  const first = candidates[0]!
  const { parser, options } = first.schema.parse
  return {
    parser: parser.name,
    parse: parser.compile(options, first.known),
    candidates,
    readsObject: parser.readsObject?.(options),
    rank: first.rank,
    pick: candidates.length < 4 ? (record, below) => firstOf(candidates, record, below) : pickByField(candidates),
    nearest(record) {
      const distances = candidates.map((candidate) => ({ candidate, distance: candidate.distance(record) }))
      return distances.reduce((best, next) => (isNearer(next.distance, best.distance) ? next : best))
    },
  }
}

/** Whether a record has the candidate's key: most records of other types are told by that alone. */
const holdsKey = ({ required: [key] }: Ranked, { data }: Parsed): boolean =>
  key === undefined || data[key] !== undefined

/** The first of the candidates that takes the record, if its rank is better than `below`. */
function firstOf(candidates: readonly Ranked[], record: Parsed, below: number): Picked | undefined {
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at]!
    if (candidate.rank >= below) return undefined
    if (!holdsKey(candidate, record)) continue
    const verdict = candidate.test(record)
    if (verdict !== rejected) return { candidate, verdict }
  }
  return undefined
}

/**
 * Each candidate waits under one field that it requires, the one that fewest others know. A record then meets only
 * the candidates that wait under its own fields, so its cost hardly grows with their number.
 */
function pickByField(candidates: readonly Ranked[]): Group['pick'] {
  const uses = new Map<string, number>()
  for (const { known } of candidates) for (const name of known) uses.set(name, (uses.get(name) ?? 0) + 1)
  const waiting = new Map<string, Ranked[]>()
  const always: Ranked[] = []
  for (const candidate of candidates) {
    const [name] = [...candidate.required].sort((a, b) => uses.get(a)! - uses.get(b)!)
    if (name === undefined) always.push(candidate)
    else waiting.set(name, [...(waiting.get(name) ?? []), candidate])
  }
  const keyAfter = guessKeys(waiting)
  return (record, below) => {
    let best = firstOf(always, record, below)
    let key: Key | undefined
    for (const name in record.data) {
      key = keyAfter(key, name)
      if (key.waiting) best = firstOf(key.waiting, record, best ? best.candidate.rank : below) ?? best
    }
    return best
  }
}

/** A key of records, with who waits under it, and the key that came next when it was last seen. */
interface Key {
  readonly name: string
  readonly waiting: readonly Ranked[] | undefined
  next: Key | undefined
}

/** Keys that no schema knows are kept too, so that guesses go on behind them; hostile logs may have any number. */
const mostKeys = 5_000

/** Finds keys by a guess: records of a kind mostly have theirs in the same order. A wrong guess costs a look into a map. */
function guessKeys(waiting: ReadonlyMap<string, readonly Ranked[]>): (before: Key | undefined, name: string) => Key {
  const keys = new Map<string, Key>()
  const head: Key = { name: '', waiting: undefined, next: undefined }
  return (before = head, name) => {
    const guess = before.next
    if (guess !== undefined && guess.name === name) return guess
    const key = keys.get(name) ?? { name, waiting: waiting.get(name), next: undefined }
    if (keys.size < mostKeys) keys.set(name, key)
    before.next = key
    return key
  }
}

/** Nearer: a greater part of what is there or demanded is right; then more of it; else the better rank stands. */
export function isNearer(a: Distance, b: Distance): boolean {
  const [part, other] = [a, b].map(({ held, faults }) => held / (held + faults)) as [number, number]
  return part === other ? a.held > b.held : part > other
}
