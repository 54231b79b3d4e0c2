import type { AnyNode, LogicalExpression } from 'acorn'
import { type Edit, quote } from './edit.ts'
import { type Walk, slice } from './walk.ts'

/** Breaks `a && b && c`: each operand dropped, each operator the other one. A chain is treated once, at its top. */
export function chainEdits(walk: Walk, node: LogicalExpression, parent: AnyNode | undefined): Edit[] {
  const { operator } = node
  const isInner = parent?.type === 'LogicalExpression' && parent.operator === operator && parent.left === node
  if (isInner) return []
  const operands = operandsOf(node, operator)
  const { start, end } = node
  const edit = (text: string, change: string, { start: at }: AnyNode): Edit => ({ start, end, text, change, at })
  const parts = operands.map((operand) => `(${slice(walk, operand)})`)
  const join = (some: readonly string[], by: string = operator) => some.join(` ${by} `)

  const dropped = operands.flatMap((operand, n) =>
    operator === '??' && n > 0 && isNothing(operand)
      ? []
      : [edit(join(parts.toSpliced(n, 1)), `dropped ${quote(slice(walk, operand))}`, operand)],
  )
  if (operator === '??') return dropped
  const other = operator === '&&' ? '||' : '&&'
  const swapped = parts.slice(1).map((_, n) => {
    const [before, after] = [parts.slice(0, n + 1), parts.slice(n + 1)]
    const sides = `${quote(slice(walk, operands[n]!))} ${other} ${quote(slice(walk, operands[n + 1]!))}`
    return edit(
      `(${join(before)}) ${other} (${join(after)})`,
      `${operator} → ${other}: ${quote(sides)}`,
      operands[n + 1]!,
    )
  })
  return [...dropped, ...swapped]
}

function operandsOf(node: AnyNode, operator: string): AnyNode[] {
  if (node.type !== 'LogicalExpression' || node.operator !== operator) return [node]
  return [...operandsOf(node.left, operator), node.right]
}

/** What stands for an absent value and behaves like it: without it little changes. */
export function isNothing(node: AnyNode): boolean {
  if (node.type === 'Literal') return !node.value && !('regex' in node && node.regex)
  if (node.type === 'ArrayExpression') return node.elements.length === 0
  return node.type === 'ObjectExpression' && node.properties.length === 0
}
