import type { AnyNode, ObjectExpression, Property } from 'acorn'
import { elementEdits, walkCode, walkPredicate } from './code.ts'
import { type Edit, quote, spanWithout } from './edit.ts'
import { keyOf } from './source.ts'
import { type Walk, slice } from './walk.ts'
import { walkWhere } from './where.ts'

const elsewhere = { condition: false, returns: false }

/** Breaks those options of a rule that decide whether it alerts. */
export function walkOptions(walk: Walk, options: ObjectExpression): void {
  const named = new Map(
    options.properties.flatMap((one) => (keyOf(one) === undefined ? [] : [[keyOf(one)!, one as Property]])),
  )
  const has = (...names: string[]) => names.some((name) => named.has(name))
  const drop = (property: Property): Edit => ({
    ...spanWithout(options.properties, options.properties.indexOf(property)),
    text: '',
    change: `dropped ${keyOf(property)}`,
  })
  for (const property of options.properties) {
    if (property.type === 'SpreadElement') {
      if (property.argument.type === 'Identifier') walk.refer(property.argument.name, 'options')
      else if (property.argument.type === 'ObjectExpression') walkOptions(walk, property.argument)
      continue
    }
    const { value } = property
    switch (keyOf(property)) {
      case 'where':
        if (has('match')) walk.edit(drop(property))
        else if (!has('matchers')) walk.edit({ ...drop(property), ...spanOf(property), text: 'match: () => true' })
        walkWhere(walk, value)
        break
      case 'match':
        if (has('where')) walk.edit(drop(property))
        if (value.type === 'Identifier') walk.refer(value.name, 'predicate')
        else walkPredicate(walk, value)
        break
      case 'matchers':
        walkMatchers(walk, value)
        break
      case 'requires':
        if (value.type === 'ArrayExpression') elementEdits(walk, value, value.elements).forEach(walk.edit)
        else walkCode(walk, value, elsewhere)
        break
      case 'threshold':
        if (value.type === 'ObjectExpression') walkThreshold(walk, value)
        break
    }
  }
}

const spanOf = ({ start, end }: AnyNode) => ({ start, end })

function walkMatchers(walk: Walk, node: AnyNode): void {
  if (node.type !== 'ArrayExpression') {
    walkCode(walk, node, elsewhere)
    return
  }
  elementEdits(walk, node, node.elements).forEach(walk.edit)
  for (const element of node.elements) {
    if (element?.type === 'Identifier') walk.refer(element.name, 'predicate')
    else if (element) walkPredicate(walk, element)
  }
}

function walkThreshold(walk: Walk, options: ObjectExpression): void {
  for (const [n, property] of options.properties.entries()) {
    if (property.type !== 'Property') continue
    const { value } = property
    const to = (text: string) =>
      walk.edit({ ...spanOf(value), text, change: `${keyOf(property)} ${slice(walk, value)} → ${text}` })
    switch (keyOf(property)) {
      case 'count':
        if (value.type === 'Literal' && typeof value.value === 'number')
          for (const by of [-1, 1]) to(String(value.value + by))
        else walkCode(walk, value, elsewhere)
        break
      case 'window':
        if (value.type === 'Literal' && typeof value.value === 'string')
          for (const by of [0.5, 2]) to(`'${scaled(value.value, by)}'`)
        break
      case 'per':
        if (value.type === 'ArrayExpression') elementEdits(walk, value, value.elements).forEach(walk.edit)
        break
      case 'distinct':
        walk.edit({
          ...spanWithout(options.properties, n),
          text: '',
          change: `dropped ${quote(slice(walk, property))}`,
        })
        break
      case 'then':
        walkPredicate(walk, value)
        break
    }
  }
}

/** A duration that is longer or shorter, in its own unit. */
const scaled = (duration: string, by: number) =>
  duration.replace(/^\d+(?:\.\d+)?/, (count) => String(Number(count) * by))
