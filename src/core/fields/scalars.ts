import { parseTime } from '../time.ts'
import { type Check, accepted, coerces, expected, rejected, unknownScalar } from './check.ts'
import { isIp } from './ip.ts'
import type { Scalar } from './spec.ts'

/** How one type takes a value, and what it makes of it. */
interface ScalarType extends Pick<Check, 'test' | 'coerce'> {
  /** For messages: `expected …`. */
  readonly called: string
  /** An empty text is no value of this type. */
  readonly emptyIsNothing: boolean
}

const same = (value: unknown) => value
const takes = (holds: boolean) => (holds ? accepted : rejected)
const converts = (holds: boolean) => (holds ? coerces : rejected)

const integerText = /^[+-]?\d+$/
const floatText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const booleanText = /^(?:true|false)$/i

/** A number, unless that would lose digits of an integer: then the text. */
function toNumber(value: unknown): unknown {
  const number = Number(value)
  return Number.isSafeInteger(number) || !integerText.test(String(value)) ? number : value
}

/** The end of a leap year, so that 29 February without a year is a time. */
const someTime = Date.UTC(2024, 11, 31)

const types: Readonly<Record<Exclude<Scalar, 'json'>, ScalarType>> = {
  string: {
    called: 'text',
    emptyIsNothing: false,
    test: (value) =>
      typeof value === 'string' ? accepted : converts(typeof value === 'number' || typeof value === 'boolean'),
    coerce: String,
  },
  integer: {
    called: 'an integer',
    emptyIsNothing: true,
    test: (value) => (typeof value === 'string' ? converts(integerText.test(value)) : takes(Number.isInteger(value))),
    coerce: toNumber,
  },
  float: {
    called: 'a number',
    emptyIsNothing: true,
    test: (value) =>
      typeof value === 'string'
        ? converts(floatText.test(value) && Number.isFinite(Number(value)))
        : takes(Number.isFinite(value)),
    coerce: toNumber,
  },
  boolean: {
    called: 'true or false',
    emptyIsNothing: true,
    test: (value) =>
      typeof value === 'string' ? converts(booleanText.test(value)) : takes(typeof value === 'boolean'),
    coerce: (value) => (typeof value === 'string' ? value.toLowerCase() === 'true' : value),
  },
  timestamp: {
    called: 'a time',
    emptyIsNothing: true,
    test: (value) => takes(parseTime(value, someTime) !== undefined),
    coerce: same,
  },
  ip: {
    called: 'an IP address',
    emptyIsNothing: true,
    test: (value) => takes(typeof value === 'string' && isIp(value)),
    coerce: same,
  },
}

/** True for the name of a scalar type. */
export const isScalar = (name: string): name is Scalar => name === 'json' || Object.hasOwn(types, name)

/** Takes whatever is there. */
export const anything: Check = {
  anyText: true,
  test: () => accepted,
  scalars: () => {},
  coerce: same,
  fault: () => undefined,
  drift: () => {},
}

/** Compiles a scalar that may be absent or null, or neither. */
export function scalarCheck(name: Scalar, optional: boolean, nullable: boolean): Check {
  if (name === 'json') return anything
  const type = types[name]
  const emptyIsNothing = type.emptyIsNothing && (optional || nullable)
  const test = (value: unknown) => {
    if (value === null && nullable) return accepted
    if (value === '' && emptyIsNothing) return coerces
    return value === unknownScalar ? accepted : type.test(value)
  }
  const check: Check = {
    anyText: name === 'string',
    anyInteger: name === 'integer' || name === 'float',
    test,
    scalars(value, path, meets) {
      if (typeof value !== 'object' || value === null) meets(path, check)
    },
    coerce(value) {
      if (value === null) return null
      if (value === '' && emptyIsNothing) return nullable ? null : undefined
      return type.coerce(value)
    },
    fault: (value, path) =>
      test(value) === rejected ? { field: path, message: expected(type.called, value) } : undefined,
    drift: () => {},
  }
  return check
}
