import { createRequire } from 'node:module'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Change, Expected } from './expressions.ts'
import type { Blobs } from './index.ts'
import { type Item, type Key, keyOf, type Range, type Table, textOf } from './table.ts'

/** A server with the protocol of DynamoDB in this process (dynalite), and a client of it. */
export interface TestDynamo {
  readonly endpoint: string
  client(): DynamoDB
  /** Makes a table as infra/modules/cluster/table.tf does; answers its name. */
  table(name?: string): Promise<string>
  close(): Promise<void>
}

const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server

export async function startDynamo(): Promise<TestDynamo> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const client = () =>
    new DynamoDB({ endpoint, region: 'eu-west-1', credentials, requestHandler: new NodeHttpHandler() })
  const admin = client()
  let tables = 0
  return {
    endpoint,
    client,
    async table(name = `table-${++tables}`) {
      await admin.createTable({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
          { AttributeName: 'lane', AttributeType: 'S' },
          { AttributeName: 'due', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'due',
            KeySchema: [
              { AttributeName: 'lane', KeyType: 'HASH' },
              { AttributeName: 'due', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      })
      for (;;) {
        const { Table } = await admin.describeTable({ TableName: name })
        if (Table?.TableStatus === 'ACTIVE') return name
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    close: () =>
      new Promise((resolve) => {
        admin.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Blobs in memory. */
export function memoryBlobs(): Blobs & { readonly all: ReadonlyMap<string, Uint8Array> } {
  const all = new Map<string, Uint8Array>()
  return {
    all,
    put: async (key, bytes) => void all.set(key, bytes),
    async get(key) {
      const bytes = all.get(key)
      if (!bytes) throw new Error(`no blob ${key}`)
      return bytes
    },
  }
}

/** A table in this process, without a protocol. `before` is told of each write; what it throws, the write throws, undone. */
export function memoryTable(before: (write: string) => void = () => {}): Table {
  const items = new Map<string, Item>()
  /** Keys by partition, and by lane: what a query looks through. */
  const groups = new Map<string, Set<string>>()
  const groupsOf = (item: Item | undefined) =>
    [item?.['pk'], item?.['lane'] && `lane ${String(item['lane'])}`].filter((name) => name !== undefined).map(String)
  const put = (key: string, item: Item | undefined) => {
    for (const name of groupsOf(items.get(key))) groups.get(name)?.delete(key)
    if (item) items.set(key, item)
    else items.delete(key)
    for (const name of groupsOf(item)) groups.set(name, (groups.get(name) ?? new Set()).add(key))
  }
  const isAs = (key: Key, expected: Expected = {}) =>
    Object.entries(expected).every(([name, value]) => items.get(textOf(key))?.[name] === value)
  const inOrder = (name: 'sk' | 'due', sign: number) => (one: Item, other: Item) => {
    const [left, right] = name === 'due' ? [decimal(one), decimal(other)] : [String(one[name]), String(other[name])]
    return left < right ? -sign : left > right ? sign : 0
  }
  const fits = (item: Item, { pk, lane, prefix, from, to }: Range) => {
    if (lane !== undefined ? item['lane'] !== lane : item['pk'] !== pk) return false
    if (lane !== undefined) {
      return (!from || decimal(item) >= decimal({ due: from })) && (!to || decimal(item) <= decimal({ due: to }))
    }
    const sk = String(item['sk'])
    return (prefix === undefined || sk.startsWith(prefix)) && (!from || sk >= from) && (!to || sk <= to)
  }
  const applied = (key: Key, { set, initially, add, remove }: Change): Item => {
    const { pk, sk } = key
    const item: Record<string, Item[string]> = { ...items.get(textOf(key)), pk, sk }
    for (const [name, value] of Object.entries(initially ?? {})) item[name] ??= value
    Object.assign(item, set)
    for (const [name, n] of Object.entries(add ?? {})) item[name] = Number(item[name] ?? 0) + n
    for (const name of remove ?? []) delete item[name]
    return item
  }
  return {
    get: async (key) => items.get(textOf(key)),
    async getAll(keys) {
      return new Map(keys.flatMap((key) => (items.has(textOf(key)) ? [[textOf(key), items.get(textOf(key))!]] : [])))
    },
    async add(item) {
      before('add')
      if (items.has(textOf(item))) return false
      put(textOf(item), { ...item })
      return true
    },
    async putAll(all) {
      for (const item of all) {
        before('put')
        put(textOf(item), { ...item })
      }
    },
    async update(key, change, expected) {
      before('update')
      if (!isAs(key, expected)) return undefined
      const item = applied(key, change)
      put(textOf(key), item)
      return item
    },
    async remove(key, expected) {
      before('remove')
      if (isAs(key, expected)) put(textOf(key), undefined)
    },
    async removeAll(keys) {
      for (const key of keys) put(textOf(key), undefined)
    },
    async *query(range) {
      const { pk = '', lane } = range
      const keys = groups.get(lane === undefined ? pk : `lane ${lane}`) ?? []
      const found = [...keys].map((key) => items.get(key)!).filter((item) => fits(item, range))
      found.sort(inOrder(range.lane === undefined ? 'sk' : 'due', range.descending ? -1 : 1))
      yield* found.slice(0, range.limit)
    },
    async *scan() {
      for (const item of [...items.values()]) yield { ...item, ...keyOf(item) }
    },
  }
}

/** `due` so that texts compare as the numbers do. */
function decimal({ due }: Item): string {
  const [whole = '', part = ''] = String(due).split('.')
  return `${whole.padStart(20, '0')}.${part.padEnd(6, '0')}`
}
