import type { BinaryExpression, Expression, Literal, LogicalExpression, UnaryExpression } from 'acorn'
import { compileCall } from './call.ts'
import { comparisons } from './compare.ts'
import { leaving, linkFrom, unclear } from './link.ts'
import { placeAt } from './place.ts'
import type { Scope } from './source.ts'
import { type CanBe, type Term, anything, constant, nothing, unknown, unlessVain } from './term.ts'

/** `denying`: nothing counts but whether it is `false`; what cannot be is left out. */
export function compileExpression(node: Expression, scope: Scope, denying: boolean): Term {
  const term = compileAny(node, scope, denying)
  return denying && !term.canBe.false ? nothing : term
}

function compileAny(node: Expression, scope: Scope, denying: boolean): Term {
  const compile = (inner: Expression) => compileExpression(inner, scope, false)
  switch (node.type) {
    case 'Literal':
      return compileLiteral(node)
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? constant(node.quasis[0]!.value.cooked) : nothing
    case 'Identifier':
      if (node.name === 'undefined' && !scope.has(node.name)) return constant(undefined)
      return placeAt(node, scope) ?? nothing
    case 'MemberExpression':
      return placeAt(node, scope) ?? unclear(linkFrom(node.object, compile), node.optional)
    case 'CallExpression':
      return compileCall(node, compile)
    case 'ChainExpression': {
      const chain = compile(node.expression)
      return chain === nothing ? nothing : leaving(chain)
    }
    case 'UnaryExpression':
      return compileUnary(node, compile)
    case 'BinaryExpression':
      return compileBinary(node, compile)
    case 'LogicalExpression':
      return compileLogical(node, scope, denying)
    case 'ConditionalExpression': {
      const [yes, no] = [node.consequent, node.alternate].map((way) => compileExpression(way, scope, denying))
      return conditional(compile(node.test), yes!, no!)
    }
    default:
      return nothing
  }
}

function compileLiteral(node: Literal): Term {
  const { value } = node
  if (node.regex || node.bigint !== undefined) return nothing
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
  return known ? constant(value) : nothing
}

function compileUnary({ operator, argument }: UnaryExpression, compile: (node: Expression) => Term): Term {
  if (operator === '-') {
    return argument.type === 'Literal' && typeof argument.value === 'number' ? constant(-argument.value) : nothing
  }
  if (operator !== '!' && operator !== 'typeof') return nothing
  const { paths, canBe, of } = compile(argument)
  if (operator === '!') {
    return unlessVain({
      ...{ paths, canBe: { false: canBe.truthy, falsy: canBe.truthy, truthy: canBe.falsy } },
      of(data) {
        const value = of(data)
        return value === unknown ? unknown : !value
      },
    })
  }
  return unlessVain({
    ...{ paths, canBe: { false: false, falsy: false, truthy: canBe.falsy || canBe.truthy } },
    of(data) {
      const value = of(data)
      return value === unknown ? unknown : typeof value
    },
  })
}

function compileBinary({ operator, left, right }: BinaryExpression, compile: (node: Expression) => Term): Term {
  const compare = comparisons.get(operator)
  if (!compare || left.type === 'PrivateIdentifier') return nothing
  const [a, b] = [compile(left), compile(right)]
  if (a === nothing || b === nothing) return nothing
  return {
    ...{ paths: distinct(a, b), canBe: anything },
    of(data) {
      const one = a.of(data)
      if (one === unknown) return unknown
      const other = b.of(data)
      return other === unknown ? unknown : compare(one, other)
    },
  }
}

function compileLogical(node: LogicalExpression, scope: Scope, denying: boolean): Term {
  const right = compileExpression(node.right, scope, denying)
  // Where the right side is not known, it comes down to what the left side alone may say.
  const left = compileExpression(node.left, scope, denying && right === nothing)
  const { falsy, truthy } = left.canBe
  switch (node.operator) {
    case '&&':
      return either(left, Boolean, truthy, { ...left.canBe, truthy: false }, right)
    case '||':
      return either(left, (value) => !value, falsy, { ...nothing.canBe, truthy }, right)
    default:
      return either(left, (value) => value === undefined || value === null, falsy, left.canBe, right)
  }
}

/** What the left side comes to, or the right side where that is asked. `stays`: what the left side may be where it is not. */
function either(left: Term, asks: (value: unknown) => boolean, mayAsk: boolean, stays: CanBe, right: Term): Term {
  const then = mayAsk ? right : nothing
  return unlessVain({
    ...{ paths: distinct(left, then), canBe: oneOf(stays, then.canBe) },
    of(data) {
      const value = left.of(data)
      return value !== unknown && asks(value) ? then.of(data) : value
    },
  })
}

export function conditional(test: Term, yes: Term, no: Term): Term {
  const [first, second] = [test.canBe.truthy ? yes : nothing, test.canBe.falsy ? no : nothing]
  return unlessVain({
    ...{ paths: distinct(test, first, second), canBe: oneOf(first.canBe, second.canBe) },
    of(data) {
      const value = test.of(data)
      return value === unknown ? unknown : value ? first.of(data) : second.of(data)
    },
  })
}

const oneOf = (a: CanBe, b: CanBe): CanBe => ({
  false: a.false || b.false,
  falsy: a.falsy || b.falsy,
  truthy: a.truthy || b.truthy,
})

const distinct = (...terms: readonly Term[]) => [...new Set(terms.flatMap(({ paths }) => paths))]
