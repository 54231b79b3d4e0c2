import { describe, expect, test } from 'vitest'
import type { Framing } from '../contracts/index.ts'
import { bytesOf, cut, seamIn, sniff, split } from './index.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const texts = (source: string | Uint8Array, framing: Framing) =>
  [...split(typeof source === 'string' ? encode(source) : source, framing)].map((piece) => piece.text)
const cutText = (source: string, framing: Framing) => source.slice(0, cut(encode(source), framing))

describe('seams', () => {
  test.each([
    ['lines', 'ab\ncd\n\nef'],
    ['json', '{"a":1}\n\n{"b":\n{"c":2}}\n[3]\n{"d":"{\\n}"} {"e":5}\n{"f":6}\n'],
  ] as const)(
    'of %s part a stream into the records that it has as a whole, wherever they are asked for',
    (framing, text) => {
      const source = encode(text)
      const whole = texts(text, framing)
      for (let from = 1; from < source.length; from++) {
        const seam = seamIn(source, from, framing) ?? source.length
        expect(seam).toBeGreaterThanOrEqual(from)
        expect([...texts(text.slice(0, seam), framing), ...texts(text.slice(seam), framing)]).toEqual(whole)
        // The same, from a part of the stream that shows enough around the place.
        const part = source.subarray(Math.max(0, from - 5))
        const found = seamIn(part, from - Math.max(0, from - 5), framing)
        expect(found === undefined ? source.length : found + Math.max(0, from - 5)).toBe(seam)
      }
    },
  )
})

describe('lines', () => {
  test('end at line feeds, without carriage returns, blanks or a byte order mark', () => {
    expect(texts('\uFEFFa\r\n\r\n \t\n\uFEFF\n  b \nc', 'lines')).toEqual(['a', '  b ', 'c'])
  })

  test('know where they stand, in bytes', () => {
    const source = encode('\uFEFFé\nab\r\n\n€uro\n')
    const pieces = [...split(source, 'lines')]
    expect(pieces.map(({ text, offset }) => [text, offset])).toEqual([
      ['é', 3],
      ['ab', 6],
      ['€uro', 11],
    ])
    for (const piece of pieces) expect(bytesOf(piece, source)).toEqual(encode(piece.text))
  })

  test('that are not UTF-8 are marked, and keep their bytes; their neighbours are fine', () => {
    const source = new Uint8Array([0x61, 0x0a, 0xff, 0x62, 0xc3, 0x0a, 0xc3, 0xa9, 0x0a])
    const pieces = [...split(source, 'lines')]
    expect(pieces.map(({ text, broken, offset }) => [text, broken, offset])).toEqual([
      ['a', false, 0],
      ['\uFFFDb\uFFFD', true, 2],
      ['é', false, 6],
    ])
    expect(bytesOf(pieces[1]!, source)).toEqual(new Uint8Array([0xff, 0x62, 0xc3]))
  })

  test('of any number and length are all found', () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `${n} ${'x'.repeat(n % 97)}${n % 1000 === 7 ? 'é' : ''}`)
    lines.splice(2_500, 0, 'y'.repeat(200_000))
    const source = encode(lines.join('\n'))
    const pieces = [...split(source, 'lines')]
    expect(pieces.map((piece) => piece.text)).toEqual(lines)
    for (const piece of pieces) expect(bytesOf(piece, source)).toEqual(encode(piece.text))
  })

  test('are cut behind the last line feed', () => {
    expect(cutText('a\nb\nc', 'lines')).toBe('a\nb\n')
    expect(cutText('abc', 'lines')).toBe('')
  })
})

describe('json', () => {
  const pretty = '{\n  "a": [\n    {},\n    "}{"\n  ]\n}'
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a value a line', '{"a":1}\n{"b":2}\r\n\n[1]\n', ['{"a":1}', '{"b":2}', '[1]']],
    ['one value over many lines', pretty, [pretty]],
    ['several of them', `${pretty}\n${pretty}\n\n${pretty}`, [pretty, pretty, pretty]],
    ['values without anything between', '{"a":1}{"b":"}{"}[1][2]', ['{"a":1}', '{"b":"}{"}', '[1]', '[2]']],
    ['blanks between', '{"a":1} {"b":2}\t{"c":3}\n', ['{"a":1}', '{"b":2}', '{"c":3}']],
    ['commas between', '{"a":1},\n{"b":2},\n', ['{"a":1}', '{"b":2}']],
    ['record separators (RFC 7464)', '\u001e{"a":1}\n\u001e{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['byte order marks', '\uFEFF{"a":1}\n\uFEFF{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['characters of several bytes', '{"é":"€"}{"x":"😀"}\n{"y":1}', ['{"é":"€"}', '{"x":"😀"}', '{"y":1}']],
    ['brackets and quotes inside strings', '{"a":"\\"}{\\\\"}\n{"b":"]["}', ['{"a":"\\"}{\\\\"}', '{"b":"]["}']],
    ['a list over lines', '[\n{"a":1},\n{"b":2}\n]\n', ['[\n{"a":1},\n{"b":2}\n]']],
    ['lines of text', 'one {"a":1}\n{"b":2}\n12\n"x"\ntwo', ['one {"a":1}', '{"b":2}', '12', '"x"', 'two']],
    ['nothing', ' \n\n', []],
  ]

  test.for(cases)('%s', ([, source, records]) => {
    expect(texts(source, 'json')).toEqual(records)
  })

  test.for([
    ['an unclosed object', '{"a":{"b":1}'],
    ['an unclosed list', '{"a":[1,2'],
    ['a wrong bracket', '{"a":[1,2}'],
    ['an open string', '{"a":"x'],
    ['an end at a comma', '{"a":1,'],
    ['an end at a colon', '{"a":'],
    ['text behind', '{"a":1} x'],
    ['a bracket too many', '{"a":1}}'],
    ['no JSON at all', 'Jul 10 11:45:00 host {"a":'],
    ['a bare word', '{"a": tru'],
    ['single quotes', "{'a': 1}"],
  ])('%s costs its neighbours nothing', ([, broken]) => {
    const before = Array.from({ length: 3 }, (_, n) => `{"n":${n}}`)
    const after = Array.from({ length: 3 }, (_, n) => `{"m":${n}}`)
    const found = texts([...before, broken, ...after, ''].join('\n'), 'json')
    expect(found.slice(0, 3)).toEqual(before)
    expect(found).toEqual(expect.arrayContaining(after))
    expect(found.join('').replaceAll(/\s/g, '')).toContain(broken!.replaceAll(/\s/g, ''))
  })

  test('a broken line among lines of text costs those nothing', () => {
    expect(texts('{"a": tru\nJul 10 one\nJul 10 two\n', 'json')).toEqual(['{"a": tru', 'Jul 10 one', 'Jul 10 two'])
  })

  test('a broken value over many lines is one record', () => {
    const broken = '{\n  "a": [\n    1,\n}'
    expect(texts(`${broken}\n{"b":2}\n`, 'json')).toEqual([broken, '{"b":2}'])
  })

  test('hostile openings cost no square of time', () => {
    const source = '[{},\n'.repeat(40_000)
    expect(texts(source, 'json').join('').replaceAll(/[\s,]/g, '').length).toBe(40_000 * 3)
  })

  test('blocks end where values end', () => {
    const values = Array.from({ length: 3_000 }, (_, n) =>
      JSON.stringify({ n, list: [{ é: n % 50 === 0 ? 'é' : 'e' }] }, null, n % 3),
    )
    const source = encode(values.join('\n'))
    const pieces = [...split(source, 'json')]
    expect(pieces.map((piece) => piece.text)).toEqual(values)
    for (const piece of pieces) expect(bytesOf(piece, source)).toEqual(encode(piece.text))
  })

  test.for([
    ['{"a":1}\n{"b":2}\n{"c":', '{"a":1}\n{"b":2}\n'],
    ['{"a":1}\n', '{"a":1}\n'],
    ['{"a":1}', '{"a":1}'],
    ['{"a":"x\n{"b":1}\n', '{"a":"x\n{"b":1}\n'],
    ['{\n  "a": 1\n}\n{\n  "b":', '{\n  "a": 1\n}\n'],
    ['[\n{"a":1}\n', ''],
    ['[\n{"a":1},\n{"b":2}\n', ''],
    ['{"a":1}{"b":2}{"c"', '{"a":1}{"b":2}'],
    ['text\nmore', 'text\n'],
    ['{"é":1}\n{"b"', '{"é":1}\n '],
  ])('%j is cut where a value surely ends', ([source, prefix]) => {
    expect(cut(encode(source!), 'json')).toBe(prefix!.length)
  })
})

describe('quoted', () => {
  test('line feeds inside quoted fields end no record', () => {
    expect(texts('a,"b\nc",d\r\n"x ""y""\n",z\nlast', 'quoted')).toEqual(['a,"b\nc",d', '"x ""y""\n",z', 'last'])
  })

  test('quotes inside a field, or never closed, swallow no neighbour', () => {
    expect(texts('5" disk,x\nb,y\nc,"open\nd\ne', 'quoted')).toEqual(['5" disk,x', 'b,y', 'c,"open', 'd', 'e'])
  })

  test('are cut behind the last whole record', () => {
    expect(cutText('a,b\nc,"d\ne', 'quoted')).toBe('a,b\n')
    expect(cutText('a,b\nc,"d\ne"\nf', 'quoted')).toBe('a,b\nc,"d\ne"\n')
  })
})

test('whole is one piece, and is cut nowhere', () => {
  expect(texts('a\nb\n', 'whole')).toEqual(['a\nb\n'])
  expect(cut(encode('a\nb\n'), 'whole')).toBe(0)
})

test.for<Framing>(['lines', 'json', 'quoted', 'whole'])('nothing has no %s', (framing) => {
  expect(texts('', framing)).toEqual([])
  expect(cut(new Uint8Array(), framing)).toBe(0)
})

describe('what the beginning shows', () => {
  const all = new Set<Framing>(['lines', 'json', 'quoted', 'whole'])

  test.for<[string, Framing]>([
    ['{"a":1}\n', 'json'],
    ['\uFEFF\n { "a": 1 }', 'json'],
    ['{', 'json'],
    ['{}', 'json'],
    ['[{"a":1}]', 'json'],
    ['[\n  {', 'json'],
    ['[1, 2]', 'json'],
    ['[]', 'json'],
    ['[Wed Oct 11 14:32:52 2000] [error] x', 'lines'],
    ['[2023-07-10 11:45:00] x', 'lines'],
    ['[12345] x', 'lines'],
    ['{% block %}', 'lines'],
    ['Jul 10 11:45:00 host sshd[1]: x, y', 'lines'],
    ['127.0.0.1 - - [10/Jul/2023:11:45:00 +0000] "GET / HTTP/1.1" 200 1 "-" "x; y"', 'lines'],
    ['a,b,c\n1,2,3', 'quoted'],
    ['"a","b ""c""\nd",e', 'quoted'],
    ['a\tb\n', 'quoted'],
    ['', 'lines'],
  ])('%j shows %s', ([head, framing]) => {
    expect(sniff(encode(head), all)).toBe(framing)
  })

  test('only what candidates use is chosen', () => {
    expect(sniff(encode('{"a":1}'), new Set(['lines']))).toBe('lines')
    expect(sniff(encode('{"a":1}'), new Set(['lines', 'quoted']))).toBe('lines')
    expect(sniff(encode('text'), new Set(['json']))).toBe('json')
    expect(sniff(encode('text'), new Set(['json', 'quoted']))).toBe('quoted')
    expect(sniff(encode('text'), new Set(['json', 'whole']))).toBe('json')
    expect(sniff(encode('text'), new Set())).toBe('lines')
  })
})
