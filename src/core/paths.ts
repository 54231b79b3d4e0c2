import { CodedError } from './errors.ts'

/** A compiled path into plain data. Reads own properties only, and never throws, whatever the data holds on the way. */
export interface Path {
  /** As it was written. */
  readonly text: string
  /** Every value found, in order; null counts as a value, absence does not. */
  all(data: unknown): unknown[]
  /** The first value found, or undefined. */
  first(data: unknown): unknown
}

/** A property's name, a place in a list, or each element of a list (or value of an object). */
type Step = string | number | typeof each
const each = Symbol('each')

const stepPattern = /\.?([^.[\]]+)|\[(\d*)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y

/**
 * Compiles a path.
 *
 *   a.b.c        through objects; a list on the way is entered, each element in turn
 *   a[].b        the same, said openly; a[0] takes one element
 *   a['x.y']     a name with dots or brackets in it
 *   a.*          each value of an object or a list
 *
 * Throws SCHEMA_INVALID for anything else.
 */
export function compilePath(text: string): Path {
  const steps = parse(text)
  const plain = steps.every((step) => typeof step === 'string') ? steps : undefined
  const all = (data: unknown): unknown[] => {
    const found: unknown[] = []
    collect(data, steps, 0, found)
    return found
  }
  return {
    text,
    all,
    first(data) {
      if (!plain) return all(data)[0]
      let value = data
      for (const name of plain) {
        if (Array.isArray(value)) return all(data)[0]
        value = own(value, name)
        if (value === undefined) return undefined
      }
      return value
    },
  }
}

/** The own property `name` of an object; undefined for anything else, and for what an object inherits. */
export function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function collect(value: unknown, steps: readonly Step[], at: number, found: unknown[]): void {
  if (value === undefined) return
  const step = steps[at]
  if (step === undefined) {
    found.push(value)
  } else if (step === each) {
    if (typeof value !== 'object' || value === null) return
    for (const inner of Object.values(value)) collect(inner, steps, at + 1, found)
  } else if (typeof step === 'number') {
    if (Array.isArray(value)) collect(value[step], steps, at + 1, found)
  } else if (Array.isArray(value)) {
    for (const inner of value) collect(inner, steps, at, found)
  } else {
    collect(own(value, step), steps, at + 1, found)
  }
}

function parse(text: string): Step[] {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    stepPattern.lastIndex = at
    const match = stepPattern.exec(text)
    if (!match) throw new CodedError('SCHEMA_INVALID', `"${text}" is not a path: write a.b, a[].b or a['x.y'].`)
    const [, name, index, single, double] = match
    const quoted = single ?? double
    if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, '$1'))
    else if (index !== undefined) steps.push(index === '' ? each : Number(index))
    else steps.push(name === '*' ? each : name!)
    at = stepPattern.lastIndex
  }
  if (steps.length === 0) throw new CodedError('SCHEMA_INVALID', "A path is empty: write a.b, a[].b or a['x.y'].")
  return steps
}
