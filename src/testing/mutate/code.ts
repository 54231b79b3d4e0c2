import type { AnyNode } from 'acorn'
import { chainEdits } from './chain.ts'
import { literalEdits } from './literals.ts'
import { type Edit, quote, spanWithout } from './edit.ts'
import { childrenOf } from './source.ts'
import { type Walk, isFunction, slice } from './walk.ts'

/** How a node stands in what surrounds it. */
export interface Position {
  readonly parent?: AnyNode
  /** Its value is asked whether it is true. */
  readonly condition: boolean
  /** What the function around it returns is such a value. */
  readonly returns: boolean
}

/** Breaks code in small ways: conditions, comparisons, literals, lists. */
export function walkCode(walk: Walk, node: AnyNode, position: Position): void {
  if (isMatcherCall(node)) {
    walkMatcher(walk, node)
    return
  }
  for (const edit of editsOf(walk, node, position)) walk.edit(edit)
  if (node.type === 'Identifier') walk.refer(node.name, roleOf(node, position))
  for (const child of childrenOf(node)) {
    if (!isName(child, node)) walkCode(walk, child, positionOf(child, node, position))
  }
}

/** A function that decides: what it returns is a condition. */
export const walkPredicate = (walk: Walk, node: AnyNode) =>
  walkCode(walk, node, { condition: false, returns: isFunction(node) })

function isMatcherCall(node: AnyNode) {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'matcher'
}

/** `matcher(schema, conditions)` or `matcher(schema, function)`. */
function walkMatcher(walk: Walk, node: AnyNode): void {
  const decides = node.type === 'CallExpression' ? node.arguments.at(-1) : undefined
  if (!decides) return
  if (isFunction(decides)) walkPredicate(walk, decides)
  else walk.conditions(decides)
}

/** Names are no values: `b` of `a.b`, `a` of `{ a: 1 }`, and parameters. */
function isName(child: AnyNode, parent: AnyNode): boolean {
  if (parent.type === 'MemberExpression') return child === parent.property && (!parent.computed || isText(child))
  if (parent.type === 'Property') return child === parent.key && !parent.computed
  if (isFunction(parent)) return child !== (parent as { readonly body: AnyNode }).body
  return parent.type === 'VariableDeclarator' && child === parent.id
}

const isText = (node: AnyNode) => node.type === 'Literal' && typeof node.value === 'string'

/** List methods that ask what their function returns. */
const asking = new Set(['some', 'every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex'])

const asks = (parent: AnyNode | undefined) =>
  parent?.type === 'CallExpression' &&
  parent.callee.type === 'MemberExpression' &&
  parent.callee.property.type === 'Identifier' &&
  asking.has(parent.callee.property.name)

function roleOf(node: AnyNode, { parent, condition }: Position) {
  const called = parent?.type === 'CallExpression' && parent.callee === node
  return condition || (!called && asks(parent)) ? 'predicate' : 'code'
}

function positionOf(child: AnyNode, parent: AnyNode, { condition, returns }: Position): Position {
  const inside = isFunction(child) ? asks(parent) : returns
  const at = (asked: boolean): Position => ({ parent, condition: asked, returns: inside })
  switch (parent.type) {
    case 'LogicalExpression':
      return at(condition)
    case 'UnaryExpression':
      // Without "!" it is negated already.
      return at(parent.operator === '!' && child.type === 'LogicalExpression')
    case 'ConditionalExpression':
      return at(child === parent.test || condition)
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return at(child === parent.test)
    case 'ArrowFunctionExpression':
      return at(parent.expression && returns)
    case 'ReturnStatement':
      return at(returns)
    case 'CallExpression':
      // A function that is asked returns a condition; its call was negated as a whole.
      return at(child === parent.callee && child.type === 'Identifier' && condition)
    default:
      return at(false)
  }
}

const opposites: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  // The neighbour misses only the limit itself; the opposite is wrong nearly everywhere.
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
}

/** A method that is weaker or stronger: both take the same argument. */
const swaps: Readonly<Record<string, string>> = {
  startsWith: 'includes',
  endsWith: 'includes',
  some: 'every',
  every: 'some',
}

function editsOf(walk: Walk, node: AnyNode, position: Position): Edit[] {
  const { parent } = position
  switch (node.type) {
    case 'LogicalExpression':
      return chainEdits(walk, node, parent)
    case 'BinaryExpression':
      return [...operatorEdits(walk, node.operator, node.left, node.right), ...negation(walk, node, position)]
    case 'UnaryExpression':
      return node.operator === '!'
        ? [
            {
              start: node.start,
              end: node.argument.start,
              text: parens(walk, node),
              change: `! dropped of ${shown(walk, node)}`,
            },
          ]
        : []
    case 'IfStatement':
      return ['true', 'false'].map((text) => replace(walk, node.test, text))
    case 'ConditionalExpression':
      return ['true', 'false'].map((text) => replace(walk, node.test, text))
    case 'ArrayExpression':
      return elementEdits(walk, node, node.elements)
    case 'MemberExpression':
      return [...methodEdits(walk, node, parent), ...negation(walk, node, position)]
    case 'CallExpression':
      return [...foldEdits(walk, node), ...negation(walk, node, position)]
    case 'ChainExpression':
      return negation(walk, node, position)
    case 'Identifier':
      return parent?.type === 'CallExpression' && parent.callee === node ? [] : negation(walk, node, position)
    case 'Literal':
      return literalEdits(walk, node, parent)
    default:
      return []
  }
}

const shown = (walk: Walk, node: AnyNode) => quote(slice(walk, node))

/** What stands between "!" and its operand, such as parentheses. */
const parens = (walk: Walk, node: AnyNode) =>
  node.type === 'UnaryExpression' ? walk.text.slice(node.start + 1, node.argument.start) : ''

const replace = (walk: Walk, node: AnyNode, text: string): Edit => ({
  start: node.start,
  end: node.end,
  text,
  change: `${shown(walk, node)} → ${text}`,
})

function operatorEdits(walk: Walk, operator: string, left: AnyNode, right: AnyNode): Edit[] {
  const start = walk.text.indexOf(operator, left.end)
  const whole = quote(walk.text.slice(left.start, right.end))
  return (opposites[operator] ?? []).map((text) => ({
    start,
    end: start + operator.length,
    text,
    change: `${operator} → ${text} in ${whole}`,
  }))
}

/** Conditions that no operator of their own can turn round. */
function negation(walk: Walk, node: AnyNode, { condition }: Position): Edit[] {
  if (!condition || (node.type === 'BinaryExpression' && node.operator in opposites)) return []
  return [{ start: node.start, end: node.end, text: `!(${slice(walk, node)})`, change: `negated ${shown(walk, node)}` }]
}

/** A list that lacks one of its elements. */
export function elementEdits(walk: Walk, list: AnyNode, elements: readonly (AnyNode | null)[]): Edit[] {
  const items = elements.filter((element) => element !== null)
  if (items.length === 1)
    return [{ start: list.start, end: list.end, text: '[]', change: `dropped ${shown(walk, items[0]!)}` }]
  return items.map((item, n) => ({ ...spanWithout(items, n), text: '', change: `dropped ${shown(walk, item)}` }))
}

function methodEdits(walk: Walk, node: AnyNode, parent: AnyNode | undefined): Edit[] {
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier' || node.computed) return []
  if (parent?.type !== 'CallExpression' || parent.callee !== node) return []
  const { name, start, end } = node.property
  // Lists have `includes` too, and no `startsWith`: then the argument is seldom a text that stands there.
  const narrower = name === 'includes' && parent.arguments[0] && isText(parent.arguments[0]) ? 'startsWith' : undefined
  const text = narrower ?? (Object.hasOwn(swaps, name) ? swaps[name] : undefined)
  return text === undefined ? [] : [{ start, end, text, change: `${name} → ${text} in ${shown(walk, parent)}` }]
}

/** `text.toLowerCase()` without regard to case becomes `text`. */
function foldEdits(walk: Walk, node: AnyNode): Edit[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
  const { object, property } = node.callee
  if (property.type !== 'Identifier' || !/^to(?:Lower|Upper)Case$/.test(property.name)) return []
  return [{ start: object.end, end: node.end, text: '', change: `${property.name} dropped of ${shown(walk, node)}` }]
}
