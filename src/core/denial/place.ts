import type { Expression, MemberExpression, PrivateIdentifier, Super } from 'acorn'
import { stepsOf } from '../paths.ts'
import { beyond, leaving } from './link.ts'
import type { Scope } from './source.ts'
import { type Term, anything, isObject, nothing, unknown } from './term.ts'

/** A value of the record that is named key by key. */
interface Place extends Term {
  readonly keys: readonly string[]
}

/** Undefined: the source does not say which value of the record it is, if it is one. */
export function placeAt(node: Expression | Super, scope: Scope): Place | undefined {
  if (node.type === 'Identifier') return placeOf(scope.get(node.name))
  if (node.type === 'ChainExpression') {
    const place = placeAt(node.expression, scope)
    return place && leaving(place)
  }
  const name = node.type === 'MemberExpression' ? nameOf(node) : undefined
  if (node.type !== 'MemberExpression' || name === undefined) return undefined
  const outer = placeAt(node.object, scope)
  return outer && below(outer, name, node.optional)
}

const record: Place = {
  ...{ keys: [], paths: [], canBe: { ...nothing.canBe, truthy: true } },
  of: (data) => (isObject(data) ? data : unknown),
}

const placeOf = (keys: readonly string[] | undefined): Place | undefined =>
  keys?.reduce<Place | undefined>((place, key) => place && below(place, key, false), record)

function below(outer: Place, key: string, optional: boolean): Place | undefined {
  const keys = [...outer.keys, key]
  const path = pathTo(keys)
  // What an object inherits is no part of the record.
  if (path === undefined || key in Object.prototype) return undefined
  return {
    ...{ keys, paths: [...outer.paths, path], canBe: anything, skips: optional || outer.skips === true },
    of(data) {
      const value = outer.of(data)
      if (!isObject(value)) return beyond(value, optional)
      return Array.isArray(value) ? unknown : (value as Record<string, unknown>)[key]
    },
  }
}

/** The name of a member, where it stands in the source. */
export function nameOf({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  return textOf(property)
}

function textOf(node: Expression | PrivateIdentifier): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined
  return node.quasis[0]?.value.cooked ?? undefined
}

/** Undefined when there is no path that leads there. `envelope.` at the beginning would lead elsewhere for some. */
function pathTo(keys: readonly string[]): string | undefined {
  const quoted = (key: string) => /^\d*$|^envelope$|[.[\]'"\\*]/.test(key)
  const steps = keys.map((key) => (quoted(key) ? `['${key.replace(/['\\]/g, '\\$&')}']` : `.${key}`))
  const path = steps.join('').replace(/^\./, '')
  const read = stepsOf(path)
  return read.length === keys.length && read.every((step, at) => step === keys[at]) ? path : undefined
}
