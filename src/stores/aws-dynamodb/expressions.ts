/** Expressions of DynamoDB from plain data; every name is written through a placeholder, for many are reserved words. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item, Range } from './table.ts'

/** What becomes of an item. */
export interface Change {
  readonly set?: Item
  /** Set where the attribute is not there. */
  readonly initially?: Item
  readonly add?: Readonly<Record<string, number>>
  readonly remove?: readonly string[]
}

/** Attribute → the value it must have; undefined: it must not be there. */
export type Expected = Readonly<Record<string, Item[string] | undefined>>

/** `due` is a number, however it is written. */
export function valueOf(name: string, value: Item[string]): AttributeValue {
  if (typeof value === 'number' || name === 'due') return { N: String(value) }
  if (typeof value === 'string') return { S: value }
  return typeof value === 'boolean' ? { BOOL: value } : { B: value }
}

/** The parts of an UpdateItem. */
export function expressionOf(change: Change, expected: Expected = {}) {
  const names: Record<string, string> = {}
  const values: Record<string, AttributeValue> = {}
  const named = (name: string) => {
    const known = Object.keys(names).find((key) => names[key] === name)
    const key = known ?? `#n${Object.keys(names).length}`
    names[key] = name
    return key
  }
  const valued = (name: string, value: Item[string]) => {
    const key = `:v${Object.keys(values).length}`
    values[key] = valueOf(name, value)
    return key
  }
  const sets = [
    ...Object.entries(change.set ?? {}).map(([name, value]) => `${named(name)} = ${valued(name, value)}`),
    ...Object.entries(change.initially ?? {}).map(
      ([name, value]) => `${named(name)} = if_not_exists(${named(name)}, ${valued(name, value)})`,
    ),
  ]
  const adds = Object.entries(change.add ?? {}).map(([name, value]) => `${named(name)} ${valued(name, value)}`)
  const removed = (change.remove ?? []).map(named)
  const update = [
    sets.length > 0 ? `SET ${sets.join(', ')}` : '',
    adds.length > 0 ? `ADD ${adds.join(', ')}` : '',
    removed.length > 0 ? `REMOVE ${removed.join(', ')}` : '',
  ]
  const conditions = Object.entries(expected).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${named(name)})` : `${named(name)} = ${valued(name, value)}`,
  )
  return {
    UpdateExpression: update.filter((part) => part !== '').join(' '),
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  }
}

/** The parts of a Query. */
export function conditionOf({ pk, lane, prefix, from, to, only }: Range) {
  const sort = lane === undefined ? 'sk' : 'due'
  const conditions = ['#p = :p']
  const values: Record<string, AttributeValue> = { ':p': { S: lane ?? pk ?? '' } }
  const bounds = { ':prefix': prefix, ':from': from, ':to': to }
  for (const [key, bound] of Object.entries(bounds)) if (bound !== undefined) values[key] = valueOf(sort, bound)
  if (prefix !== undefined) conditions.push('begins_with(#s, :prefix)')
  else if (from !== undefined && to !== undefined) conditions.push('#s BETWEEN :from AND :to')
  else if (from !== undefined) conditions.push('#s >= :from')
  else if (to !== undefined) conditions.push('#s <= :to')
  const shown = (only ?? []).map((name, n) => [`#o${n}`, name] as const)
  return {
    KeyConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: {
      '#p': lane === undefined ? 'pk' : 'lane',
      ...(conditions.length > 1 && { '#s': sort }),
      ...Object.fromEntries(shown),
    },
    ExpressionAttributeValues: values,
    ...(shown.length > 0 && { ProjectionExpression: shown.map(([key]) => key).join(', ') }),
  }
}
