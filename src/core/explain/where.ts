import { type CompiledWhere, type FieldCondition, type Test, compileWhere } from '../where/compile.ts'

/** One alternative of a `where`: all fields must hold. */
export interface Finding {
  readonly holds: boolean
  readonly fields: readonly FieldFinding[]
}

/** The conditions on one field. */
export interface FieldFinding {
  readonly path: string
  readonly holds: boolean
  /** The values that the record has there; at most 20. */
  readonly found: readonly unknown[]
  /** Each by itself. All must hold for one and the same value. */
  readonly tests: readonly TestFinding[]
}

export interface TestFinding {
  readonly op: string
  /** Plain data: a regular expression as text. */
  readonly wanted: unknown
  readonly ignoreCase: boolean
  readonly negated: boolean
  readonly holds: boolean
}

const mostValues = 20

/** What a value is shown as that the schema calls sensitive. */
const hidden = '•••'

/** Every test of every alternative, also where one that failed would have been enough. `sensitive`: paths whose values are not shown. */
export function explainWhere({ alternatives }: CompiledWhere, data: unknown, sensitive: readonly string[]): Finding[] {
  return alternatives.map((fields) => {
    const found = fields.map((field) => explainField(field, data, sensitive))
    return { holds: found.every(({ holds }) => holds), fields: found }
  })
}

function explainField(
  { path, tests, holds }: FieldCondition,
  data: unknown,
  sensitive: readonly string[],
): FieldFinding {
  const values = path.all(data).flat().slice(0, mostValues)
  return {
    path: path.text,
    holds: holds(data),
    found: isSensitive(path.text, sensitive) ? values.map(() => hidden) : values,
    tests: tests.map((test) => explainTest(test, data)),
  }
}

function explainTest({ path, op, wanted, ignoreCase, negated }: Test, data: unknown): TestFinding {
  const condition = { [op]: wanted, ...(ignoreCase && { ignoreCase }) }
  const { holds } = compileWhere({ [path]: negated ? { not: condition } : condition })
  const shown = wanted instanceof RegExp ? String(wanted) : wanted
  return { op, wanted: shown, ignoreCase, negated, holds: holds(data) }
}

/** True for a path that is sensitive, lies within one that is, or leads to one. */
function isSensitive(path: string, sensitive: readonly string[]): boolean {
  const given = segments(path)
  return sensitive.some((one) =>
    segments(one).every((name, n) => n >= given.length || name === '*' || name === given[n]),
  )
}

/** The names on a path, without the places in lists. */
const segments = (path: string) =>
  path
    .replaceAll(/\[\d*\]/g, '')
    .replaceAll(/\[['"](.*?)['"]\]/g, '.$1')
    .split('.')
