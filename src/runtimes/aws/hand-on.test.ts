import { expect, test } from 'vitest'
import type { Delivery } from '../../core/contracts/index.ts'
import { restOf } from './hand-on.ts'
import { readStretch, type StretchMessage, writeStretch } from './stretch-message.ts'

const object = { bucket: 'b', key: 'k', etag: 'e', size: 1_000, at: 5 }
const stretch = (turn = 0): StretchMessage => ({ source: 'aws-s3:logs', object, from: 0, turn })
const delivery = (id: string): Delivery => ({
  ...{ id, source: 'aws-s3:logs', receivedAt: 0, origin: id },
  async *body() {},
})
const opened = (turn = 0) => ({
  deliveries: ['one', 'two'].map(delivery),
  handOn: [],
  stretches: new Map([
    ['one', stretch(turn)],
    ['two', stretch(turn)],
  ]),
})
const begun = (...ids: string[]) => new Set(ids)

test('what was left in the middle goes on there, and what was not reached is handed on', () => {
  const resume = { id: 'one', cursor: 700, framing: 'json', firstLine: '{}' } as const
  expect(restOf(opened(), { failed: ['two'], resume, begun: begun('one') })).toEqual({
    messages: [{ ...stretch(1), at: 700, framing: 'json', firstLine: '{}' }, stretch()],
    again: false,
  })
})

test('what failed comes again from its transport', () => {
  expect(restOf(opened(), { failed: ['one'], begun: begun('one', 'two') })).toEqual({ messages: [], again: true })
})

test('an invocation that did not get on hands nothing on: it would do so for ever', () => {
  expect(restOf(opened(), { failed: ['one', 'two'], begun: begun() })).toEqual({ messages: [], again: true })
  expect(restOf(opened(), { failed: ['one', 'two'], begun: begun('one') })).toEqual({ messages: [], again: true })
})

test('an object that was handed on too often is given up, and what has no stretch is its transport’s', () => {
  const resume = { id: 'one', cursor: 7 }
  expect(restOf(opened(1_000), { failed: [], resume, begun: begun('one', 'two') })).toEqual({
    messages: [],
    again: true,
  })
  const plain = { ...opened(), stretches: new Map() }
  expect(restOf(plain, { failed: [], resume, begun: begun('one', 'two') })).toEqual({ messages: [], again: true })
})

test('a message reads as it was written; what is none, or says what cannot be, is none', () => {
  const full: StretchMessage = { ...stretch(3), to: 9, at: 4, framing: 'lines', firstLine: 'a,b' }
  for (const one of [stretch(), full]) expect(readStretch(writeStretch(one))).toEqual(one)
  const wrong: readonly object[] = [
    { source: 1 },
    { from: -1 },
    { from: 1.5 },
    { to: '9' },
    { at: 2 ** 60 },
    { framing: 'xml' },
    { firstLine: 1 },
    { turn: Number.NaN },
    { object: { ...object, key: 1 } },
    { object: { ...object, size: -1 } },
    { object: null },
  ]
  for (const change of wrong) expect(readStretch(writeStretch({ ...full, ...change }))).toBeUndefined()
  for (const text of ['', 'text', '[]', 'null', '{"streamalert":"stretch"}', '{"streamalert":']) {
    expect(readStretch(text)).toBeUndefined()
  }
})
