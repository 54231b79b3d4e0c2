import type { AnyNode, Literal } from 'acorn'
import { isNothing } from './chain.ts'
import { type Edit, quote } from './edit.ts'
import { regexEdits } from './regex.ts'
import { type Walk, slice } from './walk.ts'

/** Other literals in place of one. */
export function literalEdits(walk: Walk, node: Literal, parent: AnyNode | undefined): Edit[] {
  const { value, start, end } = node
  const to = (text: string): Edit => ({ start, end, text, change: `${quote(slice(walk, node))} → ${text}` })
  if (node.regex) {
    return regexEdits(slice(walk, node)).map((edit) => ({ ...edit, start: start + edit.start, end: start + edit.end }))
  }
  if (typeof value === 'boolean') return [to(String(!value))]
  // An element that another list lacks shows the same; a fallback for nothing is like nothing.
  if (parent?.type === 'ArrayExpression' || (isFallback(node, parent) && isNothing(node))) return []
  if (typeof value === 'number') return [to(String(value + step(node, parent)))]
  if (typeof value === 'string' && value !== '' && !isTypeName(parent)) return [to("''")]
  return []
}

const isFallback = (node: AnyNode, parent: AnyNode | undefined) =>
  parent?.type === 'LogicalExpression' && parent.operator !== '&&' && parent.right === node

/** `typeof a === 'string'`: the comparison is turned round, that is enough. */
const isTypeName = (parent: AnyNode | undefined) =>
  parent?.type === 'BinaryExpression' &&
  [parent.left, parent.right].some((side) => side.type === 'UnaryExpression' && side.operator === 'typeof')

/** Where a number is a limit, to the side that `<` ↔ `<=` does not show. */
function step(node: AnyNode, parent: AnyNode | undefined): 1 | -1 {
  if (parent?.type !== 'BinaryExpression') return 1
  const narrows = parent.right === node ? ['<', '>='] : ['>', '<=']
  return narrows.includes(parent.operator) ? -1 : 1
}
