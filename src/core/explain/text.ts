import { printable } from '../text/printable.ts'
import type { Explanation, Step } from './index.ts'
import type { FieldFinding, TestFinding } from './where.ts'

/** Where functions stand, by their number: `rules/a.ts:12:10`. */
export type PlaceOf = (fn: number) => string | undefined

/** An explanation for people, a line each. Values of the record are shown as they are, made safe for a terminal. */
export function explanationLines({ steps, hit, notes }: Explanation, placeOf: PlaceOf = () => undefined): string[] {
  return [
    ...steps.flatMap((step) => stepLines(step, placeOf)),
    ...(hit ? [`  alert: ${hit.severity}: ${printable(hit.title)}`] : []),
    ...(hit && hit.outputs.length > 0 ? [`  goes to ${hit.outputs.join(', ')}`] : []),
    ...(hit?.window ? [`  key: ${fieldsOf(hit.window.by)}`] : []),
    ...notes.map((note) => `  ${printable(note)}`),
  ]
}

const mark = (holds: boolean | undefined) => (holds === undefined ? '·' : holds ? '✓' : '✗')

function stepLines(step: Step, placeOf: PlaceOf): string[] {
  const { what, holds, wanted, found, error, alternatives } = step
  if (alternatives)
    return [`${mark(holds)} ${what}${alternatives.length > 1 ? ': any of' : ''}`, ...alternativeLines(step)]
  const place = step.function === undefined ? undefined : placeOf(step.function)
  const name = wanted === what ? '' : ` ${wanted}`
  const tail = holds === undefined ? 'not tried' : error !== undefined ? `threw: ${error}` : (found ?? '')
  const told = what === 'requires' ? (holds ? '' : 'is absent') : tail
  return [
    `${mark(holds)} ${what}${name}${place === undefined ? '' : ` (${place})`}${told === '' ? '' : `: ${printable(told)}`}`,
  ]
}

function alternativeLines({ alternatives = [] }: Step): string[] {
  return alternatives.flatMap(({ holds, fields }, n) => {
    const heading = alternatives.length > 1 ? [`    ${mark(holds)} alternative ${n + 1}`] : []
    return [...heading, ...fields.flatMap(fieldLines)]
  })
}

function fieldLines({ path, holds, found, tests }: FieldFinding): string[] {
  const seen = found.length === 0 ? 'absent' : found.map(show).join(', ')
  const [only] = tests
  if (tests.length === 1 && only) return [`    ${mark(holds)} ${path} ${told(only)}; found ${seen}`]
  const each = tests.map((test) => `      ${mark(test.holds)} ${told(test)}`)
  return [`    ${mark(holds)} ${path}; found ${seen}`, ...each]
}

const told = ({ op, wanted, negated, ignoreCase }: TestFinding) =>
  `${negated ? 'not ' : ''}${op} ${show(wanted)}${ignoreCase ? ' in any case' : ''}`

const longest = 200

function show(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? 'absent')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const fieldsOf = (by: Readonly<Record<string, unknown>>) =>
  Object.entries(by)
    .map(([name, value]) => `${name} = ${show(value)}`)
    .join(', ')
