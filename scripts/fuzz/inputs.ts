import type { Random } from './random.ts'

const utf8 = new TextEncoder()

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
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1)
    const kind = random.below(6)
    if (kind === 0) bytes[at] = random.below(256)
    else if (kind === 1) bytes = bytes.slice(0, at)
    else if (kind === 2) bytes.splice(at, 1 + random.below(20))
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + random.below(200)))
    else if (kind === 4) bytes.splice(at, 0, ...utf8.encode(random.pick(spikes)))
    else bytes.splice(at, 0, ...Array.from({ length: random.below(12) }, () => random.below(256)))
  }
  return Uint8Array.from(bytes)
}

/** Bytes of no meaning, with line feeds among them. */
export function garbage(random: Random): Uint8Array {
  const text = random.chance(0.5)
  return Uint8Array.from({ length: random.below(400) }, () =>
    random.chance(0.02) ? 10 : text ? 32 + random.below(95) : random.below(256),
  )
}

/** Inputs that are hostile by size or depth: few, and always the same. */
export const extremes: readonly (readonly [string, () => Uint8Array])[] = [
  ['nothing', () => new Uint8Array()],
  ['one line of 10 MB', () => new Uint8Array(10_000_000).fill(0x61)],
  ['a JSON text of 10 MB in one line', () => utf8.encode(`{"a":"${'x'.repeat(10_000_000)}"}`)],
  ['10 MB of opening brackets', () => new Uint8Array(10_000_000).fill(0x5b)],
  ['10 MB of quotes', () => new Uint8Array(10_000_000).fill(0x22)],
  ['10 MB of line feeds', () => new Uint8Array(10_000_000).fill(0x0a)],
  ['10 MB of bytes that are no UTF-8', () => new Uint8Array(10_000_000).fill(0xff)],
  ['lists 10,000 deep', () => utf8.encode('['.repeat(10_000) + ']'.repeat(10_000))],
  ['objects 10,000 deep', () => utf8.encode(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
  ['lists 5,000,000 deep', () => utf8.encode('['.repeat(5_000_000) + ']'.repeat(5_000_000))],
  ['unclosed lists, each on a line', () => utf8.encode('[{},\n'.repeat(100_000))],
  ['unclosed quotes, each on a line', () => utf8.encode('a,"b\n'.repeat(100_000))],
]
