import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ParserUse } from '../core/contracts/index.ts'
import { cef, csv, json, keyValue, leef, logfmt, parsers, pattern, syslog, w3c } from './index.ts'
import { generator } from './shared/testing.ts'
import { compileUse, failed } from './shared/use.ts'

const uses: readonly ParserUse[] = [
  json(),
  json({ path: 'Records[*]', envelope: ['a'] }),
  json({ path: 'a | sort_by(@, &b)' }),
  json({ field: 'message', envelope: ['__proto__'] }),
  json({ prefix: true }),
  json({ path: 'a', embedded: true }),
  json({ path: 'a[*]', each: csv() }),
  csv(),
  csv({ header: true, escape: '\\', comment: '#', multiline: true }),
  csv({ delimiter: '\t', quote: '', atLeast: 1, rest: 'b', absent: ['-'], nested: { a: ['x', 'y'] } }),
  keyValue(),
  keyValue({ pairs: ', ', separator: ': ', quotes: `"'`, repeated: 'last', words: 'flag' }),
  logfmt(),
  syslog(),
  syslog({ app: ['s*', 'C[RO]ON'], message: json(), head: 'record' }),
  syslog({ message: keyValue() }),
  cef(),
  leef(),
  w3c(),
  w3c({ columns: ['a', 'b'] }),
  pattern({
    pattern: ['%{COMBINEDAPACHELOG}', '%{S3_ACCESS_LOG}', '%{GREEDYDATA:a}=%{GREEDYDATA:b}'],
    as: '__proto__',
  }),
]

/** Pieces of all formats, and what usually breaks parsers. */
// biome-ignore format: one line for each sort
const pieces = [
  '{', '}', '[', ']', '"', "'", '\\', ',', ':', '=', '|', '#', ' ', '  ', '\t', '\n', '\r\n', '\0', '-', '<', '>', '^', '%',
  '\uFEFF', '\uD800', '\uDC00', '\uFFFD', '\u2028', 'é', '😀', '__proto__', 'constructor', 'toString', 'NaN', '1e999',
  '9007199254740993', '-0', 'true', 'null', 'a', 'b', 'message', 'Records', 'CEF:0|', 'LEEF:2.0|', 'LEEF:1.0|', 'x5E|',
  '<13>', '<999>', '1 ', 'Jan  1 00:00:00 ', '2023-07-10T11:45:00Z ', 'host ', 'app[1]: ', '[a b="c"]', '#Fields: a b', 'cs1Label=',
  '{"a":1}', '{"Records":[{"a":"{}"},null]}', '{"message":"x {\\"a\\":1}"}', '"a"', 'a=b', '*Mar  1 00:00:00.1 UTC: ', '%SYS-5-X: ',
]

describe.each(uses.map((use, index) => [`${use.parser.name} ${index}`, use] as const))('%s', (_, use) => {
  test('garbage gives records or failures, never an exception', () => {
    const { text, pick } = generator(20230710)
    const compiled = [['a', 'b', '__proto__'], ['a']].map((fields) => compileUse(use, fields))
    const unsound: string[] = []
    for (let round = 0; round < 3_000; round++) {
      const line = text(pieces, 24)
      const context = pick([{ first: true }, { first: false }, { first: false, firstLine: text(pieces, 6) }])
      const found = pick(compiled)(line, context)
      const all = 'failure' in found ? [found] : found
      const sound = all.every((one) =>
        failed(one) ? one.failure !== '' : Object.getPrototypeOf(one.data) === Object.prototype,
      )
      if (!sound) unsound.push(line)
    }
    expect(unsound).toEqual([])
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  test('long runs of one piece are read in one pass', () => {
    const compiled = compileUse(use, ['a', 'b'])
    const unanswered: string[] = []
    for (const piece of pieces) {
      const line = piece.repeat(Math.ceil(50_000 / piece.length))
      for (const start of ['', 'a=', '"', '<13>Jan  1 00:00:00 h ', 'CEF:0|a|b|c|d|e|f|x=']) {
        if (!compiled(start + line, { first: false })) unanswered.push(start + piece)
      }
    }
    expect(unanswered).toEqual([])
  })
})

test('options can be shown as JSON Schema, with a description of each', () => {
  for (const { name, options } of parsers) {
    const schema = z.toJSONSchema(options, { io: 'input' })
    for (const [option, about] of Object.entries(schema.properties ?? {})) {
      expect((about as { description?: string }).description, `${name}.${option}`).toMatch(/\.$/)
    }
  }
})
