import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { disaggregate } from './aggregated.ts'
import { logEventsIn } from './log-events.ts'

/** A length-delimited field, with lengths of any size. */
function field(number: number, bytes: Uint8Array): Buffer {
  const length: number[] = []
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes])
}

/** As the producer library writes them: keys, then records of key index, and data. */
function aggregate(texts: readonly string[]): Buffer {
  const records = texts.map((text) => field(3, Buffer.concat([Buffer.from([1 << 3, 0]), field(3, Buffer.from(text))])))
  const message = Buffer.concat([field(1, Buffer.from('key')), ...records])
  const digest = createHash('md5').update(message).digest()
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, digest])
}

describe('records of the Kinesis Producer Library', () => {
  test('are taken apart', () => {
    const texts = ['one', '', 'x'.repeat(100_000), 'ä']
    expect(disaggregate(aggregate(texts))?.map((bytes) => Buffer.from(bytes).toString())).toEqual(texts)
  })

  test('what is damaged, cut off, or none, is left as it is', () => {
    const whole = aggregate(['one', 'two'])
    const damaged = Buffer.from(whole)
    damaged[8]! ^= 1
    const lying = Buffer.from('f3899ac2ff', 'hex')
    for (const bytes of [damaged, whole.subarray(0, -1), lying, Buffer.from('text'), Buffer.alloc(0)]) {
      expect(disaggregate(bytes)).toBeUndefined()
    }
    const nonsense = Buffer.from([0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1])
    const digest = createHash('md5').update(nonsense).digest()
    expect(disaggregate(Buffer.concat([Buffer.from('f3899ac2', 'hex'), nonsense, digest]))).toBeUndefined()
  })
})

describe('what a subscription of CloudWatch Logs sends', () => {
  const data = { messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents: [{ id: '1', timestamp: 1, message: 'a\nb' }] }

  test('is taken apart, compressed or not', () => {
    const events = [{ id: '1', timestamp: 1, message: 'a\nb' }]
    expect(logEventsIn(gzipSync(JSON.stringify(data)))).toEqual(events)
    expect(logEventsIn(Buffer.from(JSON.stringify(data)))).toEqual(events)
  })

  test('a control message holds no line', () => {
    expect(logEventsIn(Buffer.from(JSON.stringify({ ...data, messageType: 'CONTROL_MESSAGE' })))).toEqual([])
  })

  test('anything else is left as it is', () => {
    const wrong = [
      { ...data, logEvents: [{ id: 1 }] },
      { ...data, logEvents: [null] },
      { ...data, messageType: 'X' },
      [data],
    ]
    for (const value of [...wrong.map((one) => JSON.stringify(one)), 'text', '{"logEvents"']) {
      expect(logEventsIn(Buffer.from(value))).toBeUndefined()
    }
    expect(logEventsIn(Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.from('broken')]))).toBeUndefined()
  })
})
