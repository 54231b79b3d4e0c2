import { describe, expect, it } from 'vitest'
import { sampleHit } from '../../testing/store/samples.ts'
import { summarise } from './summary.ts'

const of = (by: Record<string, unknown>, ...data: Record<string, unknown>[]) =>
  summarise({
    by,
    count: data.length,
    first: 0,
    last: 1,
    records: data.map((fields, n) => sampleHit({ n, data: fields }).record),
  })

const json = (text: string) => JSON.parse(text) as Record<string, unknown>

describe('summarise', () => {
  it('tells count, time, keys and records', () => {
    const records = Array.from({ length: 150 }, (_, n) => sampleHit({ n }).record)
    const summary = summarise({ by: { host: 'k' }, count: 9000, first: 0, last: 1500, records })
    expect(summary).toMatchObject({
      count: 9000,
      by: { host: 'k' },
      first: '1970-01-01T00:00:00.000Z',
      last: '1970-01-01T00:00:01.500Z',
    })
    expect(summary.records).toEqual(records.slice(0, 100).map((record) => record.id))
  })

  it('takes any time', () => {
    const summary = summarise({ by: {}, count: 1, first: -1e300, last: 1e300, records: [] })
    expect(summary).toMatchObject({ first: '-271821-04-20T00:00:00.000Z', last: '+275760-09-13T00:00:00.000Z' })
  })

  it('tells common fields from differences, at any depth', () => {
    const { common, differences } = of(
      {},
      { user: { name: 'ann', ip: '1.1.1.1' }, tags: ['a', 'b'], only: 1, none: null },
      { user: { name: 'ann', ip: '2.2.2.2' }, tags: ['a', 'b'], none: null },
      { user: { name: 'ann', ip: '1.1.1.1' }, tags: ['a', 'b'], more: { x: true }, none: null },
    )
    expect(common).toEqual({ user: { name: 'ann' }, tags: ['a', 'b'], none: null })
    expect(differences).toEqual({ 'user.ip': ['1.1.1.1', '2.2.2.2'], only: [1], 'more.x': [true] })
  })

  it('compares lists as a whole, and values by their kind', () => {
    const { common, differences } = of({}, { list: [1, { a: 1 }], mixed: '1' }, { list: [1, { a: 2 }], mixed: 1 })
    expect(common).toEqual({})
    expect(differences).toEqual({
      list: [
        [1, { a: 1 }],
        [1, { a: 2 }],
      ],
      mixed: ['1', 1],
    })
  })

  it('leaves out the keys', () => {
    const { common, differences } = of(
      { host: 'h', 'user.name': 'ann' },
      { host: 'h', user: { name: 'ann', id: 1 } },
      { host: 'h', user: { name: 'ann', id: 2 } },
    )
    expect(common).toEqual({})
    expect(differences).toEqual({ 'user.id': [1, 2] })
  })

  it('bounds paths, values and long texts', () => {
    const wide = (n: number) => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, n]))
    const { differences } = of({}, ...Array.from({ length: 30 }, (_, n) => wide(n)))
    expect(Object.keys(differences)).toHaveLength(200)
    expect(differences['f0']).toHaveLength(20)
    const long = of({}, { text: `a${'x'.repeat(10_000)}` }, { text: 'b', list: ['y'.repeat(10_000)] })
    expect(JSON.stringify(long.differences).length).toBeLessThan(1000)
  })

  it('takes hostile names and shapes as data', () => {
    const { common, differences } = of(
      {},
      json('{"__proto__":{"x":1},"a.b":1,"constructor":1}'),
      json('{"__proto__":{"x":1},"a.b":2,"toString":1}'),
    )
    expect(JSON.stringify(common)).toBe('{"__proto__":{"x":1}}')
    expect({ ...differences }).toEqual({ "['a.b']": [1, 2], constructor: [1], toString: [1] })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    const deep = (leaf: string) => json(`${'{"a":'.repeat(900)}"${leaf}"${'}'.repeat(900)}`)
    expect(Object.keys(of({}, deep('x'), deep('y')).differences)).toHaveLength(1)
    expect(of({}).common).toEqual({})
  })
})
