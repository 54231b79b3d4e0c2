import { describe, expect, test } from 'vitest'
import { createSplitter } from './framing.ts'

const counted = (text: string) => `${Buffer.byteLength(text)} ${text}`

/** What a stream falls into, cut in every way that matters: whole, and byte by byte. */
function split(stream: string | Buffer, limit = 1_000) {
  const bytes = Buffer.from(stream as string)
  const ways = [bytes.length, 1, 3].map((step) => {
    let long = 0
    const splitter = createSplitter({ limit, tooLong: () => void long++ })
    const messages: Buffer[] = []
    for (let at = 0; at < bytes.length; at += step) messages.push(...splitter.push(bytes.subarray(at, at + step)))
    return { messages: [...messages, ...splitter.end()].map((message) => message.toString('latin1')), long }
  })
  expect(ways[1]).toEqual(ways[0])
  expect(ways[2]).toEqual(ways[0])
  return ways[0]!
}

describe('syslog over TCP', () => {
  test.each([
    ['lines', '<1>a\n<2>b\n', ['<1>a', '<2>b']],
    ['lines with carriage returns, and empty ones', '<1>a\r\n\r\n\n<2>b\r\n', ['<1>a', '<2>b']],
    ['ends that are NUL', '<1>a\0<2>b\0<3>c\n\0', ['<1>a', '<2>b', '<3>c']],
    ['counted messages', counted('<1>a') + counted('<2>bc'), ['<1>a', '<2>bc']],
    ['counted messages hold line feeds', counted('<1>a\nb\n  c') + counted('<2>d'), ['<1>a\nb\n  c', '<2>d']],
    ['a line feed behind a counted message', `${counted('<1>a\n')}\n${counted('<2>b')}\r\n`, ['<1>a', '<2>b']],
    ['both kinds in turn', `<1>a\n${counted('<2>b')}<3>c\n${counted('<4>d')}`, ['<1>a', '<2>b', '<3>c', '<4>d']],
    [
      'lines that begin with digits',
      '404 not found\n2026-11-22 x\n0 <1>a\n12345678 <1>b\n',
      ['404 not found', '2026-11-22 x', '0 <1>a', '12345678 <1>b'],
    ],
    ['what broke off', '<1>a\n<2>b', ['<1>a', '<2>b']],
    ['a counted message that broke off', '100 <1>a', ['<1>a']],
    ['a length that broke off', '\n12', ['12']],
    ['nothing', '\n\r\n\0', []],
    ['counted bytes, not characters', counted('<1>é\n€'), [Buffer.from('<1>é\n€').toString('latin1')]],
  ])('%s', (_, stream, expected) => {
    expect(split(stream)).toEqual({ messages: expected, long: 0 })
  })

  test('a message that is too long is cut, and what follows stands', () => {
    const long = `<1>${'x'.repeat(50)}`
    const cut = long.slice(0, 10)
    expect(split(`${long}\n<2>b\n`, 10)).toEqual({ messages: [cut, '<2>b'], long: 1 })
    expect(split(`${counted(long)}${counted(long)}<2>b\n`, 10)).toEqual({ messages: [cut, cut, '<2>b'], long: 2 })
    expect(split(`${'y'.repeat(10)}\n`, 10)).toEqual({ messages: ['y'.repeat(10)], long: 0 })
    expect(split('y'.repeat(11), 10)).toEqual({ messages: ['y'.repeat(10)], long: 1 })
  })

  test('bytes that are no text go through', () => {
    const bytes = Buffer.from([0x3c, 0x31, 0x3e, 0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x0a])
    expect(split(bytes).messages).toEqual(['<1>\xff\xfe\x80', '\xc3'])
  })

  test('a stream of chance neither throws nor loses its place for ever', () => {
    let seed = 7
    const byte = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 16
    const noise = Buffer.from(Array.from({ length: 20_000 }, byte))
    const { messages } = split(Buffer.concat([noise, Buffer.from('\n<1>after\n')]), 64)
    for (const message of messages) expect(message.length).toBeLessThanOrEqual(64)
    expect(messages.at(-1)).toBe('<1>after')
  })

  test('a message of many small chunks costs no square', () => {
    const splitter = createSplitter({ limit: 8_000_000, tooLong: () => {} })
    const chunk = Buffer.alloc(100, 'x')
    let early = 0
    for (let n = 0; n < 80_000; n++) early += splitter.push(chunk).length
    expect(early).toBe(0)
    expect(splitter.push(Buffer.from('\n'))[0]).toHaveLength(8_000_000)
  })
})
