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

/** Every test of every alternative, also where one that failed would have been enough. */
export function explainWhere({ alternatives }: CompiledWhere, data: unknown): Finding[] {
  return alternatives.map((fields) => {
    const found = fields.map((field) => explainField(field, data))
    return { holds: found.every(({ holds }) => holds), fields: found }
  })
}

function explainField({ path, tests, holds }: FieldCondition, data: unknown): FieldFinding {
  return {
    path: path.text,
    holds: holds(data),
    found: path.all(data).flat().slice(0, mostValues),
    tests: tests.map((test) => explainTest(test, data)),
  }
}

function explainTest({ path, op, wanted, ignoreCase, negated }: Test, data: unknown): TestFinding {
  const condition = { [op]: wanted, ...(ignoreCase && { ignoreCase }) }
  const { holds } = compileWhere({ [path]: negated ? { not: condition } : condition })
  const shown = wanted instanceof RegExp ? String(wanted) : wanted
  return { op, wanted: shown, ignoreCase, negated, holds: holds(data) }
}
