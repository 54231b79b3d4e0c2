import { schemas } from '../schemas/index.ts'
import type { Schema } from '../src/core/contracts/index.ts'
import { evaluation } from './evaluation.ts'
import { type Case, measure, median, ratio } from './measure.ts'
import { cloudTrailLines } from './records.ts'
import { type Row, atMost } from './row.ts'

const counts = [1, 10, 100]

/** Processor time of reading CloudTrail lines, without rules, by the number of candidate schemas. */
export function schemasRows(bytes: number, rounds: number): Row[] {
  const lines = cloudTrailLines(bytes)
  const cases = counts.map((count): Case => {
    const run = evaluation(lines, candidates('cloudtrail:events', count), [])
    return { name: String(count), texts: run(), run: () => void run() }
  })
  const times = measure(cases, rounds)
  const found = Object.fromEntries(counts.map((count) => [count, Math.round(median(times.get(String(count))!))]))
  const figure = `${Object.entries(found)
    .map(([count, time]) => `${count}: ${time}`)
    .join(', ')} ns/record`
  const value = ratio(times.get('100')!, times.get('1')!)
  return [atMost('schemas: 100 candidates to 1', 1.15, value, figure, '', { nsPerRecord: found })]
}

/** The named schema with others, evenly from all of them, up to a number. */
export function candidates(name: string, count: number): readonly Schema[] {
  const others = schemas.filter((schema) => schema.name !== name)
  const step = others.length / (count - 1)
  const chosen = Array.from({ length: count - 1 }, (_, index) => others[Math.floor(index * step)]!)
  return [schemas.find((schema) => schema.name === name)!, ...chosen]
}
