import type { Item } from '../../core/evaluate/item.ts'

/** A changed series of records, and the change in words. */
export interface Series {
  readonly items: readonly Item[]
  readonly change: string
}

/** Small changes of how many records there are, and when: what rules that count look at. */
export function* seriesEdits(items: readonly Item[], windowMs: number): Generator<Series> {
  const [first, last] = [items[0], items.at(-1)]
  if (!first || !last) return
  for (let n = 1; n <= 3 && n < items.length; n++) yield { items: items.slice(0, -n), change: `without the last ${n}` }
  for (let n = 1; n <= 3 && n < items.length; n++) yield { items: items.slice(n), change: `without the first ${n}` }
  yield { items: [...items, again(last, items.length, last.time + 1)], change: 'the last once more' }
  yield { items: [again(first, items.length, first.time - 1), ...items], change: 'the first twice' }
  for (const share of [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2]) {
    for (const off of [-1, 0, 1])
      yield { items: spread(items, windowMs * share + off), change: `spread over ${windowMs * share + off} ms` }
  }
}

const again = (item: Item, index: number, time: number): Item => ({
  ...item,
  time,
  id: `again ${index}`,
  position: () => `test#${index}`,
})

/** The records at even distances, the last this long after the first. */
function spread(items: readonly Item[], length: number): Item[] {
  const start = items[0]!.time
  return items.map((item, n) => ({ ...item, time: Math.round(start + (length * n) / Math.max(items.length - 1, 1)) }))
}
