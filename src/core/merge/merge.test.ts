import { describe, expect, it } from 'vitest'
import { alertOf, type Completion, completion, isDelivered, type Seen, updateOf } from './index.ts'
import { randomOf, sampleHit } from '../../testing/store/samples.ts'

const seen = (...given: (readonly [string, number])[]): Seen[] => given.map(([value, time]) => ({ value, time }))

describe('completion', () => {
  const policy = { count: 3, lengthMs: 100 }

  it('is the first moment at which enough values lie within the length', () => {
    const current = seen(['a', 110], ['b', 120], ['c', 130], ['d', 140])
    expect(completion(policy, { previous: [], current })).toEqual({ time: 130, needed: 1 })
    expect(completion(policy, { previous: [], current: current.slice(0, 2) })).toBeUndefined()
    expect(completion(policy, { previous: [], current: [] })).toBeUndefined()
  })

  it('counts values of the window before for as long as they are in reach', () => {
    const current = seen(['c', 130])
    expect(completion(policy, { previous: seen(['b', 31], ['a', 31]), current })).toEqual({ time: 130, needed: 1 })
    expect(completion(policy, { previous: seen(['b', 31], ['a', 30]), current })).toBeUndefined()
  })

  it('counts a value once, though it is on both sides', () => {
    const previous = seen(['a', 90], ['b', 80])
    expect(completion(policy, { previous, current: seen(['a', 110], ['b', 120]) })).toBeUndefined()
    expect(completion(policy, { previous, current: seen(['a', 110], ['c', 120]) })).toEqual({ time: 120, needed: 1 })
    // Past its reach from the window before, the value still counts as of this one.
    expect(
      completion(policy, { previous: seen(['a', 20], ['b', 60]).toReversed(), current: seen(['a', 110], ['c', 150]) }),
    ).toEqual({
      time: 150,
      needed: 1,
    })
  })

  it('says how many hits of one moment it takes', () => {
    const current = seen(['a', 110], ['b', 110], ['c', 110], ['d', 110])
    expect(completion(policy, { previous: [], current })).toEqual({ time: 110, needed: 3 })
    expect(completion(policy, { previous: seen(['x', 90]), current })).toEqual({ time: 110, needed: 2 })
    expect(completion(policy, { previous: seen(['x', 90], ['y', 90], ['z', 90]), current })).toEqual({
      time: 110,
      needed: 1,
    })
  })

  it('waits for a completing hit where there are such', () => {
    const current = seen(['a', 110], ['b', 120], ['c', 130])
    const at = (...completing: number[]): Completion | undefined =>
      completion(policy, { previous: [], current, completing })
    expect(at(110, 129)).toBeUndefined()
    expect(at(110, 130, 150)).toEqual({ time: 130, needed: 1 })
    expect(at()).toBeUndefined()
  })

  it('is never undone by a further hit', () => {
    const random = randomOf(1)
    for (let run = 0; run < 200; run++) {
      const times = Array.from({ length: 12 }, (_, n) => [String(n), Math.floor(random() * 200)] as const)
      let before: number | undefined
      for (let n = 1; n <= times.length; n++) {
        const list = times.slice(0, n).toSorted((one, other) => one[1] - other[1])
        const previous = seen(...list.filter(([, time]) => time < 100)).toReversed()
        const time = completion(policy, { previous, current: seen(...list.filter(([, at]) => at >= 100)) })?.time
        expect(time ?? Infinity).toBeLessThanOrEqual(before ?? Infinity)
        before = time
      }
    }
  })
})

describe('alerts', () => {
  it('are delivered when they are live or replayed', () => {
    expect((['live', 'staged', 'replay', 'backtest'] as const).filter(isDelivered)).toEqual(['live', 'replay'])
  })

  it('are brought up to date under a new id, as the same incident', () => {
    const opening = alertOf('window', sampleHit({ n: 1 }), 1000)
    const mergedFrom = { count: 2, first: '', last: '', by: {}, records: [], common: {}, differences: {} }
    expect(updateOf(opening, { id: 'update', now: 2000, hits: [] }, mergedFrom)).toEqual({
      ...opening,
      id: 'update',
      createdAt: '1970-01-01T00:00:02.000Z',
      updates: 'window',
      mergedFrom,
    })
  })
})
