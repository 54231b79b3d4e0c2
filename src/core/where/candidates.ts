import { type Path, compilePath } from '../paths.ts'
import type { Alternative, CompiledWhere } from './compile.ts'

/**
 * Finds, for many rules at once, the records on which a rule can hold at all. A rule is entered under the values that one
 * of its fields must equal; a record then asks once per field, not once per rule. Rules without such a field stand
 * outside: they see every record.
 */
export interface CandidateIndex {
  /** Rule number → those of `records` that it must see, in order; rules that are absent see none. */
  candidates(records: readonly number[], dataOf: (record: number) => unknown): ReadonlyMap<number, readonly number[]>
  /** Rules that the index cannot help: they see every record. */
  readonly everywhere: ReadonlySet<number>
}

/** `wheres`: rule number → its declared conditions, all of which must hold; an empty list for a rule that has none. */
export function indexCandidates(wheres: ReadonlyMap<number, readonly CompiledWhere[]>): CandidateIndex {
  const fields = new Map<string, { path: Path; byValue: Map<unknown, number[]> }>()
  const everywhere = new Set<number>()
  for (const [rule, conditions] of wheres) {
    const keys = conditions.map(keysOf).find((found) => found !== undefined)
    if (!keys) {
      everywhere.add(rule)
      continue
    }
    for (const { path, values } of keys) {
      const field = fields.get(path) ?? { path: compilePath(path), byValue: new Map() }
      fields.set(path, field)
      for (const value of values) {
        const rules = field.byValue.get(value) ?? []
        if (rules.at(-1) !== rule) rules.push(rule)
        field.byValue.set(value, rules)
      }
    }
  }
  const indexed = [...fields.values()]

  return {
    everywhere,
    candidates(records, dataOf) {
      const found = new Map<number, number[]>()
      const add = (rule: number, record: number) => {
        const of = found.get(rule)
        if (!of) found.set(rule, [record])
        else if (of.at(-1) !== record) of.push(record)
      }
      for (const n of records) {
        const data = dataOf(n)
        for (const { path, byValue } of indexed) {
          for (const value of path.all(data).flat()) for (const rule of byValue.get(value) ?? []) add(rule, n)
        }
      }
      return found
    },
  }
}

interface Key {
  readonly path: string
  readonly values: readonly unknown[]
}

/** A key for each alternative; undefined when one of them has none. */
function keysOf({ alternatives }: CompiledWhere): readonly Key[] | undefined {
  const keys = alternatives.map(keyOf)
  return keys.every((key) => key !== undefined) ? keys : undefined
}

/** The field whose values pick out the fewest records, as far as the conditions alone can tell: the fewest values. */
function keyOf(alternative: Alternative): Key | undefined {
  const keys = alternative.flatMap(({ path, tests }) =>
    tests
      .filter(({ op, negated, ignoreCase }) => !negated && !ignoreCase && (op === 'equals' || op === 'oneOf'))
      .map(({ wanted }) => ({ path: path.text, values: Array.isArray(wanted) ? wanted : [wanted] })),
  )
  return keys.toSorted((a, b) => a.values.length - b.values.length || depth(a.path) - depth(b.path))[0]
}

const depth = (path: string) => path.split('.').length
