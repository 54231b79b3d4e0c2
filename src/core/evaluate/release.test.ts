import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defineSchema } from '../../index.ts'
import { json } from '../../parsers/index.ts'
import { compileClassifier } from '../classify/index.ts'
import type { Decoder, Frame } from '../contracts/index.ts'
import { unguarded } from './guard.ts'
import { createReader } from './read.ts'
import { createTally } from './tally.ts'

const schema = defineSchema({ name: 'one', description: 'x', parse: json(), fields: { n: 'integer' } })

/** Reads lines that are stored behind one letter, with a decoder that shows what it gave. */
function read(lines: string, decode: (bytes: Uint8Array) => Uint8Array) {
  let decoded = new Uint8Array(0) as Uint8Array
  const decoder: Decoder = {
    name: 'letter',
    detects: (head) => head[0] === 0x7a,
    decode: (bytes) => (decoded = decode(bytes)),
    stream: (body) => body,
  }
  const reader = createReader({
    classifierOf: () => compileClassifier([schema]),
    decoders: [decoder],
    hash: (text) => hash('sha256', text),
    limits: { maxBodyBytes: 1e9, maxKeptBytes: 10_000 },
  })
  const bytes = Buffer.from(`z${lines}`)
  const frame: Frame = {
    ...{ source: 'test:test', cluster: 'prod', origin: 'p', offset: 0, receivedAt: 0, mode: 'live', encoded: true },
    bytes,
  }
  const reading = reader.read(frame, 0, unguarded, createTally(), () => {})
  return { ...reading, stored: bytes.toString(), left: decoded.byteLength }
}

const lines = `${'{"n":1}\n'.repeat(20_000)}what is this?\n{"n":1}\nand\nthis?\n`
/** As zlib gives it: a Buffer. */
const copied = (bytes: Uint8Array) => Buffer.concat([bytes.subarray(1)])

test('memory that was decoded into is freed once it was read; what is kept of it, and what was stored, stay', () => {
  const { records, bytes, quarantine, stored, left } = read(lines, copied)
  expect({ records, bytes, stored }).toEqual({ records: 20_001, bytes: lines.length, stored: `z${lines}` })
  expect(quarantine.map(({ raw }) => Buffer.from(raw).toString())).toEqual(['what is this?', 'and', 'this?'])
  expect(left).toBe('transfer' in ArrayBuffer.prototype ? 0 : lines.length)
})

test('small memory, which may be a part of what others use, is left alone', () => {
  expect(read('{"n":1}\n', copied)).toMatchObject({ records: 1, left: 8 })
})
