import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb'
import { awsError } from '../../aws/errors.ts'
import { sleep } from '../../core/sleep.ts'
import { conditionOf, type Change, expressionOf, type Expected, valueOf } from './expressions.ts'

/** What an item holds. `due` is a decimal number written as text: it has more digits than a number of JavaScript. */
export type Item = Readonly<Record<string, string | number | boolean | Uint8Array>>

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** Where to look: in one partition, or with `lane` in the index `due`. Bounds are inclusive. */
export interface Range {
  readonly pk?: string
  readonly lane?: string
  /** The beginning of the sort key. */
  readonly prefix?: string
  readonly from?: string
  readonly to?: string
  readonly descending?: boolean
  /** At most so many. */
  readonly limit?: number
  /** Only these attributes. */
  readonly only?: readonly string[]
}

/** One DynamoDB table, by plain reads and conditional writes. Reads of partitions are consistent, those of the index are not. */
export interface Table {
  get(key: Key): Promise<Item | undefined>
  /** By `textOf` their keys; those that are not there are left out. */
  getAll(keys: readonly Key[]): Promise<ReadonlyMap<string, Item>>
  /** Puts an item where there is none; answers whether there was none. */
  add(item: Key & Item): Promise<boolean>
  /** Puts each item, whatever is there. */
  putAll(items: readonly (Key & Item)[]): Promise<void>
  /** Changes an item, or makes it; answers what it is then. Undefined: it is not as expected, and stays. */
  update(key: Key, change: Change, expected?: Expected): Promise<Item | undefined>
  /** Removes an item if it is as expected. */
  remove(key: Key, expected: Expected): Promise<void>
  removeAll(keys: readonly Key[]): Promise<void>
  query(range: Range): AsyncGenerator<Item>
  /** All of the table. */
  scan(): AsyncGenerator<Item>
}

export const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`
export const keyOf = (item: Item): Key => ({ pk: String(item['pk']), sk: String(item['sk']) })

/** Calls that one step has under way at most. */
const atOnce = 24
/** Limits of BatchGetItem and BatchWriteItem. */
const mostRead = 100
const mostWritten = 25

const codes = { unavailable: 'STORE_FAILED', misconfigured: 'STORE_FAILED', rejected: 'STORE_FAILED' } as const

/** All that is given one after the other. */
export async function listOf<T>(given: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const one of given) list.push(one)
  return list
}

/** Calls `work` for each, some side by side; answers in the order of `list`. */
export async function sideBySide<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const run = async () => {
    for (let at = next++; at < list.length; at = next++) results[at] = await work(list[at]!)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, run))
  return results
}

/** `client`: with tries of its own, for DynamoDB asks for patience when a partition is busy. */
export function openTable(client: DynamoDB, name: string): Table {
  const call = async <T>(made: Promise<T>): Promise<T> => {
    try {
      return await made
    } catch (error) {
      throw isRefused(error) ? error : awsError(error, codes)
    }
  }
  /** Undefined where the condition did not hold. */
  const unlessRefused = async <T>(made: Promise<T>): Promise<T | undefined> => {
    try {
      return await call(made)
    } catch (error) {
      if (isRefused(error)) return undefined
      throw error
    }
  }
  type Requests = NonNullable<Parameters<typeof client.batchWriteItem>[0]['RequestItems']>[string]
  const write = async (requests: Requests): Promise<void> => {
    let left = requests
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await sleep(Math.min(50 * 2 ** tries, 2_000), never)
      const { UnprocessedItems } = await call(client.batchWriteItem({ RequestItems: { [name]: left } }))
      left = UnprocessedItems?.[name] ?? []
    }
  }

  return {
    async get(key) {
      const { Item } = await call(
        client.getItem({ TableName: name, Key: marshalled({ ...key }), ConsistentRead: true }),
      )
      return Item && unmarshalled(Item)
    },
    async getAll(keys) {
      const found = new Map<string, Item>()
      const unique = [...new Map(keys.map((key) => [textOf(key), key])).values()]
      await sideBySide(chunksOf(unique, mostRead), async (chunk) => {
        let left = chunk.map(({ pk, sk }) => marshalled({ pk, sk }))
        for (let tries = 0; left.length > 0; tries++) {
          if (tries > 5) await sleep(Math.min(50 * 2 ** (tries - 5), 2_000), never)
          const request = { RequestItems: { [name]: { Keys: left, ConsistentRead: true } } }
          const { Responses, UnprocessedKeys } = await call(client.batchGetItem(request))
          for (const one of Responses?.[name] ?? []) {
            const item = unmarshalled(one)
            found.set(textOf(keyOf(item)), item)
          }
          left = UnprocessedKeys?.[name]?.Keys ?? []
        }
      })
      return found
    },
    async add(item) {
      const input = { TableName: name, Item: marshalled(item), ConditionExpression: 'attribute_not_exists(pk)' }
      return (await unlessRefused(client.putItem(input))) !== undefined
    },
    async putAll(items) {
      const unique = [...new Map(items.map((item) => [textOf(item), item])).values()]
      await sideBySide(chunksOf(unique, mostWritten), (chunk) =>
        write(chunk.map((item) => ({ PutRequest: { Item: marshalled(item) } }))),
      )
    },
    async update(key, change, expected) {
      const input = { TableName: name, Key: marshalled({ ...key }), ...expressionOf(change, expected) }
      const answer = await unlessRefused(client.updateItem({ ...input, ReturnValues: 'ALL_NEW' }))
      return answer && unmarshalled(answer.Attributes ?? {})
    },
    async remove(key, expected) {
      const { UpdateExpression: _, ...condition } = expressionOf({}, expected)
      await unlessRefused(client.deleteItem({ TableName: name, Key: marshalled({ ...key }), ...condition }))
    },
    async removeAll(keys) {
      await sideBySide(chunksOf(keys, mostWritten), (chunk) =>
        write(chunk.map(({ pk, sk }) => ({ DeleteRequest: { Key: marshalled({ pk, sk }) } }))),
      )
    },
    async *query(range) {
      const { limit = Number.POSITIVE_INFINITY, descending = false, lane } = range
      let left = limit
      let from: Record<string, AttributeValue> | undefined
      do {
        const { Items = [], LastEvaluatedKey } = await call(
          client.query({
            ...{ TableName: name, ScanIndexForward: !descending, ...conditionOf(range) },
            ...(lane === undefined ? { ConsistentRead: true } : { IndexName: 'due' }),
            ...(left < 1_000 && { Limit: left }),
            ...(from && { ExclusiveStartKey: from }),
          }),
        )
        for (const item of Items.slice(0, left)) yield unmarshalled(item)
        left -= Items.length
        from = LastEvaluatedKey
      } while (from && left > 0)
    },
    async *scan() {
      let from: Record<string, AttributeValue> | undefined
      do {
        const input = { TableName: name, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }
        const { Items = [], LastEvaluatedKey } = await call(client.scan(input))
        for (const item of Items) yield unmarshalled(item)
        from = LastEvaluatedKey
      } while (from)
    },
  }
}

const never = new AbortController().signal
const isRefused = (error: unknown) => error instanceof Error && error.name === 'ConditionalCheckFailedException'

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size))
}

const marshalled = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueOf(name, value)]))

function unmarshalled(attributes: Readonly<Record<string, AttributeValue>>): Item {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { S, N, BOOL, B }]) => {
      const number = name === 'due' ? N : N === undefined ? undefined : Number(N)
      return [name, S ?? number ?? BOOL ?? B ?? '']
    }),
  )
}
