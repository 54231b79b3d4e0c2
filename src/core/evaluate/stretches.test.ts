import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defineSchema } from '../../index.ts'
import { json } from '../../parsers/index.ts'
import { compileClassifier } from '../classify/index.ts'
import type { Frame } from '../contracts/index.ts'
import { unguarded } from './guard.ts'
import { createReader } from './read.ts'
import { createTally } from './tally.ts'

const schema = defineSchema({ name: 'one', description: 'x', parse: json(), fields: { n: 'integer' } })
const reader = createReader({
  classifierOf: () => compileClassifier([schema]),
  decoders: [],
  hash: (text) => hash('sha256', text),
  limits: { maxBodyBytes: 1e9, maxKeptBytes: 10_000 },
})

function read(text: string) {
  const tally = createTally()
  const frame: Frame = {
    ...{ source: 'test:test', cluster: 'prod', origin: 'p', offset: 0, receivedAt: 0, mode: 'live', encoded: false },
    bytes: Buffer.from(text),
  }
  const { quarantine, records } = reader.read(frame, 0, unguarded, tally, () => {})
  const refused = tally.counts().find(({ metric }) => metric === 'quarantined')?.n
  return { quarantine, records, refused }
}

test('a flood of lines that nothing understands is kept as a few entries, every line of it', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `x${n}`)
  lines.splice(15_000, 0, '{"n":1}')
  const { quarantine, records, refused } = read(lines.map((line) => `${line}\n`).join(''))
  expect(records).toBe(1)
  expect(refused).toBe(20_000)
  expect(quarantine.length).toBeGreaterThan(1_000)
  expect(quarantine.length).toBeLessThan(1_030)
  expect(quarantine.every(({ raw }) => raw.length <= 10_000)).toBe(true)
  const kept = quarantine.flatMap(({ raw }) => Buffer.from(raw).toString().split('\n'))
  expect(kept).toEqual(lines.filter((line) => line.startsWith('x')))
  const large = quarantine.find(({ raw }) => raw.length > 1_000)!
  const offset = Number(large.position.slice(2))
  expect(
    lines
      .map((line) => `${line}\n`)
      .join('')
      .slice(offset),
  ).toMatch(Buffer.from(large.raw.subarray(0, 50)).toString())
})

test('a few are kept one by one', () => {
  const { quarantine } = read('a\nb\n\nc\n')
  expect(quarantine.map(({ raw, position }) => `${position} ${Buffer.from(raw).toString()}`)).toEqual([
    'p#0 a',
    'p#2 b',
    'p#5 c',
  ])
})
