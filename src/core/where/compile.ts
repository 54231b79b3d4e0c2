import ipaddr from 'ipaddr.js'
import { CodedError, messageOf } from '../errors.ts'
import { type Path, compilePath } from '../paths.ts'

/** What one test of a condition wants, as data: for indexes, explanations and mutants. */
export interface Test {
  readonly path: string
  readonly op: Operator
  readonly wanted: unknown
  readonly ignoreCase: boolean
  readonly negated: boolean
}

export type Operator = (typeof operators)[number]

export const operators = [
  ...['equals', 'oneOf', 'startsWith', 'endsWith', 'contains', 'cidr', 'matches', 'greaterThan', 'lessThan', 'exists'],
] as const

/** The conditions on one field: some value at `path` passes all `tests` (or, negated, none does). */
export interface FieldCondition {
  readonly path: Path
  readonly tests: readonly Test[]
  holds(data: unknown): boolean
}

/** Field conditions that must all hold. */
export type Alternative = readonly FieldCondition[]

/** A compiled `where`: holds when any of its alternatives does. */
export interface CompiledWhere {
  readonly alternatives: readonly Alternative[]
  holds(data: unknown): boolean
}

type Plain = Readonly<Record<string, unknown>>

/** Compiles a `where` of a rule. Throws RULE_INVALID that names the field and what is wrong with it. */
export function compileWhere(where: unknown): CompiledWhere {
  const objects: readonly unknown[] = Array.isArray(where) ? where : [where]
  const alternatives = objects.map((conditions): Alternative => {
    if (!isPlain(conditions) || Object.keys(conditions).length === 0) throw invalid('where', 'has no condition')
    return Object.entries(conditions).map(([path, condition]) => compileField(path, condition, false))
  })
  if (alternatives.length === 0) throw invalid('where', 'has no condition')
  return { alternatives, holds: anyOf(alternatives.map(allOf)) }
}

type Holds = (data: unknown) => boolean

/** Most alternatives have few conditions, and most rules one alternative: asked about each record, a call each is much. */
function allOf(fields: Alternative): Holds {
  const [first, second] = fields
  if (fields.length === 1) return first!.holds
  if (fields.length === 2) return (data) => first!.holds(data) && second!.holds(data)
  return (data) => {
    for (let at = 0; at < fields.length; at++) if (!fields[at]!.holds(data)) return false
    return true
  }
}

function anyOf(alternatives: readonly Holds[]): Holds {
  if (alternatives.length === 1) return alternatives[0]!
  return (data) => {
    for (let at = 0; at < alternatives.length; at++) if (alternatives[at]!(data)) return true
    return false
  }
}

function compileField(path: string, condition: unknown, negated: boolean): FieldCondition {
  const given = isPlain(condition) ? condition : { equals: condition }
  if ('not' in given) {
    if (Object.keys(given).length > 1)
      throw invalid(path, '"not" stands alone: put the other tests beside it in the list or under another path')
    const inner = compileField(path, given['not'], !negated)
    return { ...inner, holds: (data) => !inner.holds(data) }
  }
  const at = compilePath(path)
  const ignoreCase = given['ignoreCase'] === true
  const names = Object.keys(given).filter((name) => name !== 'ignoreCase')
  if (names.length === 0) throw invalid(path, 'has no test')
  const checks = names.map((name) => compileTest(path, name, given[name], ignoreCase))
  const tests = names.map((op) => ({ path, op: op as Operator, wanted: given[op], ignoreCase, negated }))
  if (given['exists'] === false) {
    if (names.length > 1) throw invalid(path, '"exists: false" stands alone')
    return { path: at, tests, holds: (data) => !at.some(data, isThere) }
  }
  const passes = checks.length === 1 ? checks[0]! : (value: unknown) => checks.every((check) => check(value))
  const holds = (value: unknown) =>
    Array.isArray(value) ? value.some((inner) => isThere(inner) && passes(inner)) : isThere(value) && passes(value)
  return { path: at, tests, holds: (data) => at.some(data, holds) }
}

const isThere = (value: unknown) => value !== undefined && value !== null

type Check = (value: unknown) => boolean

function compileTest(path: string, op: string, wanted: unknown, ignoreCase: boolean): Check {
  const fold = ignoreCase
    ? (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value)
    : (value: unknown) => value
  const texts = () => textsOf(path, op, wanted).map((text) => String(fold(text)))
  const onText =
    (check: (value: string) => boolean): Check =>
    (value) =>
      typeof value === 'string' && check(String(fold(value)))
  switch (op) {
    case 'equals': {
      const literal = fold(wanted)
      return (value) => fold(value) === literal
    }
    case 'oneOf': {
      if (!Array.isArray(wanted) || wanted.length === 0) throw invalid(path, '"oneOf" is no list of values')
      const set = new Set(wanted.map(fold))
      return (value) => set.has(fold(value))
    }
    case 'startsWith': {
      const all = texts()
      return onText((value) => all.some((text) => value.startsWith(text)))
    }
    case 'endsWith': {
      const all = texts()
      return onText((value) => all.some((text) => value.endsWith(text)))
    }
    case 'contains': {
      const all = texts()
      return onText((value) => all.some((text) => value.includes(text)))
    }
    case 'cidr':
      return compileCidr(path, textsOf(path, op, wanted))
    case 'matches': {
      if (!(wanted instanceof RegExp)) throw invalid(path, '"matches" is no regular expression')
      const pattern = new RegExp(
        wanted.source,
        wanted.flags.replace(/[gy]/g, '') + (ignoreCase && !wanted.ignoreCase ? 'i' : ''),
      )
      return (value) => typeof value === 'string' && pattern.test(value)
    }
    case 'greaterThan':
    case 'lessThan': {
      if (typeof wanted !== 'number') throw invalid(path, `"${op}" is no number`)
      return op === 'lessThan'
        ? (value) => typeof value === 'number' && value < wanted
        : (value) => typeof value === 'number' && value > wanted
    }
    case 'exists':
      if (typeof wanted !== 'boolean') throw invalid(path, '"exists" is neither true nor false')
      return () => true
    default:
      throw invalid(path, `"${op}" is no test; there are ${operators.join(', ')}, not and ignoreCase`)
  }
}

function textsOf(path: string, op: string, wanted: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string' && text !== '')) {
    throw invalid(path, `"${op}" wants a text or a list of texts that are not empty`)
  }
  return texts as readonly string[]
}

/** Networks are compared as numbers; IPv4 addresses in IPv6 form count as IPv4. */
function compileCidr(path: string, networks: readonly string[]): Check {
  const parsed = networks.map((network) => {
    try {
      return ipaddr.parseCIDR(network)
    } catch (error) {
      throw invalid(path, `"${network}" is no network: ${messageOf(error)}`)
    }
  })
  return (value) => {
    if (typeof value !== 'string' || !ipaddr.isValid(value)) return false
    const address = ipaddr.process(value)
    return parsed.some(
      ([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never),
    )
  }
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp)

const invalid = (path: string, fault: string) => new CodedError('RULE_INVALID', `where: ${path}: ${fault}.`)
