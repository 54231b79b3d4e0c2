import { afterAll, describe, expect, test } from 'vitest'
import { memoryTable, startDynamo } from './fixture.ts'
import { listOf, openTable, type Range, type Table } from './table.ts'

const dynamo = await startDynamo()
const client = dynamo.client()
afterAll(async () => {
  client.destroy()
  await dynamo.close()
})

/** The table in memory, on which most tests run, does as DynamoDB does. */
describe.each<[string, () => Promise<Table>]>([
  ['in memory', async () => memoryTable()],
  ['dynalite', async () => openTable(client, await dynamo.table())],
])('a table %s', (_, open) => {
  test('puts where nothing is, changes under conditions, and removes', async () => {
    const table = await open()
    const key = { pk: 'p', sk: 's' }
    const bytes = new Uint8Array([0, 255])
    expect(await table.add({ ...key, text: '', n: 1.5, yes: true, bytes })).toBe(true)
    expect(await table.add({ ...key, text: 'other' })).toBe(false)
    expect(await table.get(key)).toMatchObject({ text: '', n: 1.5, yes: true })
    expect([...((await table.get(key))!['bytes'] as Uint8Array)]).toEqual([0, 255])
    expect(await table.update(key, { set: { text: 'x' } }, { n: 2 })).toBeUndefined()
    expect(await table.update(key, { set: { text: 'x' } }, { n: 1.5, missing: undefined })).toMatchObject({ text: 'x' })
    const change = { initially: { text: 'y', first: 1 }, add: { n: 1, made: 2 }, remove: ['yes', 'bytes'] }
    expect(await table.update(key, change)).toEqual({ ...key, text: 'x', first: 1, n: 2.5, made: 2 })
    expect(await table.update({ pk: 'p', sk: 't' }, { add: { n: 1 } }, { n: undefined })).toMatchObject({ n: 1 })
    expect((await table.getAll([key, key, { pk: 'p', sk: 'none' }])).size).toBe(1)
    await table.remove(key, { n: 1 })
    expect(await table.get(key)).toBeDefined()
    await table.remove(key, { n: 2.5 })
    await table.removeAll([{ pk: 'p', sk: 't' }])
    expect(await listOf(table.scan())).toEqual([])
  })

  test('finds by the beginning, by bounds, and by when things are due', async () => {
    const table = await open()
    const due = (n: number) => `1700000000000.${String(n).padStart(6, '0')}`
    const items = Array.from({ length: 30 }, (__, n) => ({ pk: 'p', sk: `a#${String(n).padStart(2, '0')}`, n }))
    await table.putAll(items.map((item) => ({ ...item, lane: item.n % 2 ? 'odd' : 'even', due: due(item.n) })))
    await table.putAll([
      { pk: 'p', sk: 'b' },
      { pk: 'q', sk: 'a#00' },
    ])
    const found = async (range: Range) => (await listOf(table.query(range))).map(({ n, sk }) => n ?? sk)
    expect(await found({ pk: 'p', prefix: 'a#' })).toHaveLength(30)
    expect(await found({ pk: 'p' })).toHaveLength(31)
    expect(await found({ pk: 'p', prefix: 'a#', descending: true, limit: 2 })).toEqual([29, 28])
    expect(await found({ pk: 'p', from: 'a#28' })).toEqual([28, 29, 'b'])
    expect(await found({ pk: 'p', from: 'a#03', to: 'a#04' })).toEqual([3, 4])
    expect(await found({ lane: 'odd', to: due(6) })).toEqual([1, 3, 5])
    expect(await found({ lane: 'even', from: due(25), limit: 1, only: ['n'] })).toEqual([26])
    await table.update({ pk: 'p', sk: 'a#01' }, { remove: ['lane', 'due'] })
    expect(await found({ lane: 'odd', to: due(6), descending: true })).toEqual([5, 3])
  })
})
