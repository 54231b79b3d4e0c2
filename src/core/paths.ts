import { CodedError } from './errors.ts'

/** A compiled path into plain data. Reads own properties only, and never throws, whatever the data holds on the way. */
export interface Path {
  /** As it was written. */
  readonly text: string
  /** True when `holds` is true for some value found; stops there. Null counts as a value, absence does not. */
  some(data: unknown, holds: (value: unknown) => boolean): boolean
  /** Every value found, in order. */
  all(data: unknown): unknown[]
  /** The first value found, or undefined. */
  first(data: unknown): unknown
}

/** A property's name, a place in a list, or each element of a list (or value of an object). */
export type Step = string | number | typeof each
const each = Symbol('each')

interface Steps {
  readonly list: readonly Step[]
  /** True: some step is a name that objects inherit. */
  readonly careful: boolean
}

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
  const list = stepsOf(text)
  const steps: Steps = { list, careful: list.some((step) => inherited.has(step)) }
  const some: Path['some'] = (data, holds) => visit(data, steps, 0, holds)
  return {
    text,
    some,
    all(data) {
      const found: unknown[] = []
      some(data, (value) => found.push(value) < 0)
      return found
    },
    first(data) {
      // Nearly always there is no list on the way, and nothing has to be remembered.
      let value = data
      for (let at = 0; at < list.length; at++) {
        const step = list[at]!
        if (typeof value !== 'object' || value === null) return undefined
        if (branches(value, step)) return firstOf(value, steps, at)
        value = read(value, step, steps)
      }
      return value
    },
  }
}

function firstOf(data: unknown, steps: Steps, from: number): unknown {
  let found: unknown
  visit(data, steps, from, (value) => {
    found = value
    return true
  })
  return found
}

/** Where a path of a schema begins with this, it goes into the envelope. */
export const envelopePrefix = 'envelope.'

/** Like `Path.some`, for a path of a schema: into the record, or behind `envelope.` into its envelope. */
export function compileSome(
  text: string,
): (data: unknown, envelope: unknown, holds: (value: unknown) => boolean) => boolean {
  const around = text.startsWith(envelopePrefix)
  const path = compilePath(around ? text.slice(envelopePrefix.length) : text)
  return (data, envelope, holds) => path.some(around ? envelope : data, holds)
}

/** The own property `name` of an object; undefined for anything else, and for what an object inherits. */
export function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function visit(data: unknown, steps: Steps, from: number, holds: (value: unknown) => boolean): boolean {
  let value = data
  for (let at = from; at < steps.list.length; at++) {
    const step = steps.list[at]!
    if (typeof value !== 'object' || value === null) return false
    if (branches(value, step)) {
      const next = step === each ? at + 1 : at
      return Object.values(value).some((inner) => visit(inner, steps, next, holds))
    }
    value = read(value, step, steps)
  }
  return value !== undefined && holds(value)
}

/** Whether a step goes on from several values: those of a list, which names pass over, or all of an object. */
const branches = (value: object, step: Step) => step === each || (typeof step === 'string' && Array.isArray(value))

/** What every object inherits. Any other name finds what is the object's own, at half the cost of asking first. */
const inherited: ReadonlySet<Step> = new Set(Object.getOwnPropertyNames(Object.prototype))

function read(value: object, step: Step, { careful }: Steps): unknown {
  return careful && !Object.hasOwn(value, step) ? undefined : (value as Record<Step, unknown>)[step]
}

/** The steps of a path, as `compilePath` reads it. Throws SCHEMA_INVALID. */
export function stepsOf(text: string): readonly Step[] {
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
