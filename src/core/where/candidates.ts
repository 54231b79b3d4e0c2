import { type Path, compilePath } from '../paths.ts'
import type { Alternative, CompiledWhere, Test } from './compile.ts'
import { type Literals, indexLiterals } from './literals.ts'

/**
 * Finds, for many rules at once, the records on which a rule can hold at all. A rule is entered under what one of its fields
 * must equal, contain, begin or end with, or at least have; a record then asks once per field, not once per rule. Rules
 * without such a field stand outside: they see every record.
 */
export interface CandidateIndex {
  /** Rule number → those of `records` that it must see, in order; rules that are absent see none. */
  candidates(records: readonly number[], dataOf: (record: number) => unknown): ReadonlyMap<number, readonly number[]>
  /** The rules that must see a record. The list is good until the next call. */
  concerned(data: unknown): readonly number[]
  /** Rules that the index cannot help: they see every record. */
  readonly everywhere: ReadonlySet<number>
}

/** `wheres`: rule number → its declared conditions, all of which must hold; an empty list for a rule that has none. */
export function indexCandidates(wheres: ReadonlyMap<number, readonly CompiledWhere[]>): CandidateIndex {
  const entries = new Map<string, Entry[]>()
  const everywhere = new Set<number>()
  const usesOf = countUses(wheres)
  for (const [rule, conditions] of wheres) {
    const keys = cheapest(conditions.map((where) => keysOf(where, usesOf)))
    if (!keys) everywhere.add(rule)
    else for (const key of keys) entries.set(key.path, [...(entries.get(key.path) ?? []), { rule, key }])
  }
  let found = new Map<number, number[]>()
  let record = 0
  const told: number[] = []
  const tell = (rule: number) => {
    if (record < 0) {
      if (!told.includes(rule)) told.push(rule)
      return
    }
    const of = found.get(rule)
    if (!of) found.set(rule, [record])
    else if (of[of.length - 1] !== record) of.push(record)
  }
  const fields = [...entries].map(([path, given]) => indexField(compilePath(path), given, tell))

  return {
    everywhere,
    concerned(data) {
      record = -1
      told.length = 0
      for (let n = 0; n < fields.length; n++) fields[n]!(data)
      return told
    },
    candidates(records, dataOf) {
      found = new Map()
      for (let at = 0; at < records.length; at++) {
        record = records[at]!
        const data = dataOf(record)
        for (let n = 0; n < fields.length; n++) fields[n]!(data)
      }
      return found
    },
  }
}

/** How a condition picks out records. */
type Way = 'equals' | 'equalsFolded' | 'contains' | 'present'

interface Key {
  readonly path: string
  readonly way: Way
  readonly values: readonly unknown[]
  /** How many records it lets through, as far as the conditions alone can tell: to be compared with others. */
  readonly cost: number
}

interface Entry {
  readonly rule: number
  readonly key: Key
}

type Tell = (rule: number) => void

/** The result asks one field of a record, and tells of all rules that its values may concern. */
function indexField(path: Path, entries: readonly Entry[], tell: Tell): (data: unknown) => void {
  const of = (way: Way) => entries.filter(({ key }) => key.way === way)
  const exact = byValue(of('equals'))
  const folded = byValue(of('equalsFolded'))
  const texts = of('contains').flatMap(({ rule, key }) => key.values.map((text) => ({ text: String(text), rule })))
  const literals: Literals | undefined = texts.length > 0 ? indexLiterals(texts) : undefined
  const present = of('present').map(({ rule }) => rule)
  const ask = (value: unknown): void => {
    if (value === undefined || value === null) return
    tellAll(exact.get(value), tell)
    tellAll(present, tell)
    if (typeof value !== 'string') return tellAll(folded.get(value), tell)
    if (folded.size > 0) tellAll(folded.get(value.toLowerCase()), tell)
    literals?.look(value, tell)
  }
  const askAll = (value: unknown): false => {
    if (Array.isArray(value)) for (let at = 0; at < value.length; at++) ask(value[at])
    else ask(value)
    return false
  }
  return (data) => void path.some(data, askAll)
}

function byValue(entries: readonly Entry[]): ReadonlyMap<unknown, readonly number[]> {
  const rules = new Map<unknown, number[]>()
  for (const { rule, key } of entries) {
    for (const value of key.values) {
      const list = rules.get(value)
      if (list) list.push(rule)
      else rules.set(value, [rule])
    }
  }
  return rules
}

function tellAll(rules: readonly number[] | undefined, tell: Tell): void {
  if (rules) for (let at = 0; at < rules.length; at++) tell(rules[at]!)
}

/** How many conditions ask for a value at a path. What many rules ask for, many records have. */
type Uses = (path: string, value: unknown) => number

function countUses(wheres: ReadonlyMap<number, readonly CompiledWhere[]>): Uses {
  const uses = new Map<string, Map<unknown, number>>()
  const tests = [...wheres.values()]
    .flat()
    .flatMap(({ alternatives }) => alternatives.flat().flatMap((one) => one.tests))
  for (const { path, wanted } of tests) {
    const values = uses.get(path) ?? new Map<unknown, number>()
    uses.set(path, values)
    for (const value of listOf(wanted)) values.set(value, (values.get(value) ?? 0) + 1)
  }
  return (path, value) => uses.get(path)?.get(value) ?? 0
}

const listOf = (wanted: unknown): readonly unknown[] => (Array.isArray(wanted) ? wanted : [wanted])

/** A key for each alternative; undefined when one of them has none. */
function keysOf({ alternatives }: CompiledWhere, uses: Uses): readonly Key[] | undefined {
  const keys = alternatives.map((alternative) => keyOf(alternative, uses))
  return keys.every((key) => key !== undefined) ? keys : undefined
}

/** The key that picks out the fewest records. */
function keyOf(alternative: Alternative, uses: Uses): Key | undefined {
  const keys = alternative.flatMap(({ tests }) => tests.flatMap((test) => keyOfTest(test, uses) ?? []))
  return keys.toSorted((a, b) => a.cost - b.cost)[0]
}

function keyOfTest({ path, op, wanted, ignoreCase, negated }: Test, uses: Uses): Key | undefined {
  if (negated || (op === 'exists' && wanted === false)) return undefined
  const values = listOf(wanted)
  const sum = (costOf: (value: unknown) => number) =>
    values.reduce<number>((all, value) => all + costOf(value) + uses(path, value), path.split('.').length / 10)
  switch (op) {
    case 'equals':
    case 'oneOf': {
      const cost = sum((value) => (typeof value === 'string' ? 1 : 100))
      return ignoreCase
        ? { path, way: 'equalsFolded', values: values.map(lowered), cost }
        : { path, way: 'equals', values, cost }
    }
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return { path, way: 'contains', values, cost: sum((text) => 1 + 1_000 / String(text).length ** 2) }
    default:
      return { path, way: 'present', values: [], cost: 1_000_000 }
  }
}

const lowered = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value)

function cheapest(all: readonly (readonly Key[] | undefined)[]): readonly Key[] | undefined {
  const cost = (keys: readonly Key[]) => keys.reduce((sum, key) => sum + key.cost, 0)
  return all.filter((keys) => keys !== undefined).toSorted((a, b) => cost(a) - cost(b))[0]
}
