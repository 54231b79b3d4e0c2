import type { AnyNode, ObjectExpression, Property } from 'acorn'
import { elementEdits, walkCode } from './code.ts'
import { type Edit, quote, spanWithout } from './edit.ts'
import { literalEdits } from './literals.ts'
import { keyOf } from './source.ts'
import { type Walk, slice } from './walk.ts'

const elsewhere = { condition: false, returns: false }

/** Breaks declared conditions: one object of them, or a list of which one must hold. */
export function walkWhere(walk: Walk, node: AnyNode): void {
  if (node.type === 'Identifier') walk.refer(node.name, 'where')
  else if (node.type === 'ObjectExpression') walkConditions(walk, node)
  else if (node.type === 'ArrayExpression') {
    if (node.elements.length > 1) elementEdits(walk, node, node.elements).forEach(walk.edit)
    for (const element of node.elements) {
      if (element) walkWhere(walk, element.type === 'SpreadElement' ? element.argument : element)
    }
  } else walkCode(walk, node, elsewhere)
}

function walkConditions(walk: Walk, node: ObjectExpression): void {
  for (const [n, property] of node.properties.entries()) {
    const change = `dropped ${quote(slice(walk, property))}`
    // A lone one may be spread into others.
    if (node.properties.length === 1) walk.edit({ start: node.start, end: node.end, text: '{}', change })
    else walk.edit({ ...spanWithout(node.properties, n), text: '', change })
    if (property.type === 'SpreadElement') walkWhere(walk, property.argument)
    else walkCondition(walk, property.value, false)
  }
}

/** The condition on one field. */
function walkCondition(walk: Walk, node: AnyNode, negated: boolean): void {
  const text = slice(walk, node)
  const edit = (to: string, change: string) => walk.edit({ start: node.start, end: node.end, text: to, change })
  const inner = node.type === 'ObjectExpression' ? testsOf(node).find(({ name }) => name === 'not') : undefined
  if (inner) {
    edit(slice(walk, inner.value), `"not" dropped of ${quote(text)}`)
    walkCondition(walk, inner.value, true)
    return
  }
  const isPresence = node.type === 'ObjectExpression' && testsOf(node).every(({ name }) => name === 'exists')
  if (!negated && !isPresence) edit(`{ not: ${text} }`, `negated ${quote(text)}`)
  if (node.type === 'ObjectExpression') walkTests(walk, node)
  else {
    if (isText(node)) edit(`{ startsWith: ${text} }`, `equals → startsWith ${quote(text)}`)
    walkCode(walk, node, elsewhere)
  }
}

/** A test and what it wants. */
interface NamedTest {
  readonly name: string | undefined
  readonly property: Property
  readonly value: AnyNode
}

const testsOf = (node: ObjectExpression): NamedTest[] =>
  node.properties.flatMap((property) =>
    property.type === 'Property' ? [{ name: keyOf(property), property, value: property.value }] : [],
  )

function walkTests(walk: Walk, node: ObjectExpression): void {
  const tests = testsOf(node)
  const deciding = tests.filter(({ name }) => name !== 'ignoreCase').length
  for (const [n, test] of tests.entries()) {
    if (test.name === 'ignoreCase' ? tests.length > 1 : deciding > 1) {
      walk.edit({
        ...spanWithout(node.properties, n),
        text: '',
        change: `dropped ${quote(slice(walk, test.property))}`,
      })
    }
    walkTest(walk, test)
  }
}

/** A test that more values pass, or that others pass. */
const wider: Readonly<Record<string, string>> = {
  equals: 'startsWith',
  startsWith: 'contains',
  endsWith: 'contains',
  contains: 'startsWith',
}

function walkTest(walk: Walk, { name, property, value }: NamedTest): void {
  const other = name !== undefined && Object.hasOwn(wider, name) ? wider[name] : undefined
  if (other !== undefined && (name !== 'equals' || isText(value))) {
    const { start, end } = property.key
    walk.edit({ start, end, text: other, change: `${name} → ${other} ${quote(slice(walk, value))}` })
  }
  if (name === 'greaterThan' || name === 'lessThan') limits(walk, value).forEach(walk.edit)
  else if (name === 'cidr') networks(walk, value).forEach(walk.edit)
  else if (value.type === 'Literal' && (name === 'equals' || !isText(value)))
    literalEdits(walk, value, undefined).forEach(walk.edit)
  else if (value.type !== 'Literal' && value.type !== 'ArrayExpression') walkCode(walk, value, elsewhere)
  // A list of one: the field itself is dropped, or other than it wants.
  if (value.type === 'ArrayExpression' && value.elements.length > 1)
    elementEdits(walk, value, value.elements).forEach(walk.edit)
  if (value.type === 'ArrayExpression')
    for (const one of value.elements) if (one && one.type !== 'Literal') walkCode(walk, one, elsewhere)
}

const isText = (node: AnyNode) => node.type === 'Literal' && typeof node.value === 'string' && node.value !== ''

function limits(walk: Walk, node: AnyNode): Edit[] {
  if (node.type !== 'Literal' || typeof node.value !== 'number') return []
  return [node.value - 1, node.value + 1].map((limit) => ({
    start: node.start,
    end: node.end,
    text: String(limit),
    change: `${slice(walk, node)} → ${limit}`,
  }))
}

/** Networks of twice the size. */
function networks(walk: Walk, node: AnyNode): Edit[] {
  const texts = node.type === 'ArrayExpression' ? node.elements : [node]
  return texts.flatMap((one): Edit[] => {
    const found = one?.type === 'Literal' && typeof one.value === 'string' ? /^(.*\/)(\d+)$/.exec(one.value) : null
    if (!one || !found || Number(found[2]) === 0) return []
    const text = `'${found[1]}${Number(found[2]) - 1}'`
    return [{ start: one.start, end: one.end, text, change: `${slice(walk, one)} → ${text}` }]
  })
}
