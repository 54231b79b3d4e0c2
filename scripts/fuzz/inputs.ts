import type { Random } from '../data/random.ts'

const utf8 = new TextEncoder()

/** A whole number from 0 to `limit` - 1. */
const below = (random: Random, limit: number) => random.integer(0, limit - 1)

/** Pieces of text that have broken parsers before. */
const spikes = [
  '',
  '\0',
  '\n',
  '\r\n',
  '\uFEFF',
  '\u2028',
  '\\',
  '"',
  '""',
  "'",
  '{',
  '}',
  '[',
  ']',
  '}{',
  ',',
  ':',
  '=',
  '|',
  '%',
  '<134>1 ',
  'CEF:0|',
  '#Fields: ',
  '\\ud800',
  '\ud800',
  '"__proto__":{"x":1},',
  '"constructor":null,',
  '123456789012345678901234567890',
  '-0',
  '1e999',
  'NaN',
  'null',
  '😀',
  ' '.repeat(300),
  '"'.repeat(99),
  '{"a":'.repeat(60),
  '['.repeat(3_000),
  '\\"'.repeat(50),
]

/** A sample with some of its bytes changed, cut, doubled, or with something put between. */
export function mutate(sample: string, random: Random): Uint8Array {
  let bytes = Array.from(utf8.encode(sample))
  for (let changes = 1 + below(random, 4); changes > 0; changes--) {
    const at = below(random, bytes.length + 1)
    const kind = below(random, 6)
    if (kind === 0) bytes[at] = below(random, 256)
    else if (kind === 1) bytes = bytes.slice(0, at)
    else if (kind === 2) bytes.splice(at, 1 + below(random, 20))
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + below(random, 200)))
    else if (kind === 4) bytes.splice(at, 0, ...utf8.encode(random.pick(spikes)))
    else bytes.splice(at, 0, ...Array.from({ length: below(random, 12) }, () => below(random, 256)))
  }
  return Uint8Array.from(bytes)
}

/** Bytes of no meaning, with line feeds among them. */
export function garbage(random: Random): Uint8Array {
  const text = random.chance(0.5)
  return Uint8Array.from({ length: below(random, 400) }, () =>
    random.chance(0.02) ? 10 : text ? 32 + below(random, 95) : below(random, 256),
  )
}

/** Inputs that are hostile by size or depth, of about `size` bytes: few, and always the same. */
export const extremes = (size: number): readonly (readonly [string, Uint8Array])[] => {
  const long = Math.min(100 * size, 10_000_000)
  const all = (byte: number) => new Uint8Array(size).fill(byte)
  const times = (text: string) => utf8.encode(text.repeat(size / text.length))
  const some = (text: string) => utf8.encode(text.repeat(100))
  return [
    ['nothing', new Uint8Array()],
    ['one long line', all(0x61)],
    ['one long JSON text', utf8.encode(`{"a":"${'x'.repeat(size)}"}`)],
    ['opening brackets', all(0x5b)],
    ['quotes', all(0x22)],
    ['line feeds', all(0x0a)],
    ['bytes that are no UTF-8', all(0xff)],
    ['a line of megabytes', new Uint8Array(long).fill(0x62)],
    ['a record of megabytes', utf8.encode(`{"eventName":"${'x'.repeat(long)}"}\n`)],
    ['keys such as __proto__', some('{"__proto__":{"a":1},"constructor":{"prototype":null},"toString":1}\n')],
    ['numbers beyond 2^53', some('{"a":123456789012345678901234567890,"b":[-9007199254740993],"c":1e999}\n')],
    ['NaN and infinity', some('{"a":NaN}\n{"a":-Infinity}\nNaN\n')],
    ['lone surrogates', some('{"a":"\\ud800","\\udc00":"\\ud800x"}\n')],
    ['broken UTF-8 in records', Uint8Array.from(some('{"a":"~~"}\n'), (byte) => (byte === 0x7e ? 0xed : byte))],
    ['lists 10,000 deep', utf8.encode('['.repeat(10_000) + ']'.repeat(10_000))],
    ['objects 10,000 deep', utf8.encode(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
    ['lists as deep as can be', utf8.encode('['.repeat(size / 2) + ']'.repeat(size / 2))],
    ['unclosed lists, each on a line', times('[{},\n')],
    ['unclosed quotes, each on a line', times('a,"b\n')],
  ]
}
