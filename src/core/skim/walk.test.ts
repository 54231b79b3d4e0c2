import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../scripts/data/random.ts'
import { leavesOf } from './outline.ts'
import { createWalk } from './walk.ts'
import { type Wanted, wantedBy } from './wanted.ts'

const encoder = new TextEncoder()
const walkOver = (wanted: Wanted) => createWalk(wanted, (from, to, at) => to.set(from, at))
const all = wantedBy([{ a: 'string?', b: { c: 'integer?', d: 'json' }, e: { kind: 'list', of: 'string' } }], [])

const walk = walkOver(all)

/** Where the value that a text begins with ends; undefined when it is left to JSON.parse. */
function skip(text: string): number | undefined {
  walk.load(encoder.encode(text))
  return walk.skip(0)
}

const parses = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the end of a value', () => {
  test.each([
    '{}',
    '[]',
    '""',
    '{"a":{"b":[1,-2.5e+10,true,false,null,"x"]},"c":""}',
    '[ 1 , 2\t,\r{ "a" : [ ] } ]',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9 ü 漢字 \u{1f600} and a text that is longer than two blocks of sixteen bytes"',
    '0.125',
    '-0',
    '12345678901234567890.12345678901234567890e-12345678901234567890',
    '1E5',
    '"0123456789abcdef"',
    '"0123456789abcde"',
  ])('%s', (text) => {
    expect(skip(text)).toBe(encoder.encode(text).length)
    expect(skip(`${text} ,`)).toBe(encoder.encode(text).length)
  })

  test.each([
    ...[
      '',
      '{',
      '[',
      '"',
      '"a',
      '"\\',
      '"\\x"',
      '"\\u12g4"',
      '"\t"',
      '"a\nb"',
      'tru',
      'nul',
      'falsy',
      '01',
      '-',
      '1.',
      '.5',
      '1e',
      '+1',
    ],
    ...[
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{a:1}',
      '{"a":1 "b":2}',
      '[1,]',
      '[,1]',
      '[1 2]',
      '{"a":1]',
      "{'a':1}",
      '[1,\n2]',
      'NaN',
      '\u00a0[]',
    ],
  ])('none: %j', (text) => expect(skip(text)).toBeUndefined())

  test('what JSON.parse knows better is left to it', () => {
    expect(skip(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe(128)
    expect(skip(`${'['.repeat(65)}${']'.repeat(65)}`)).toBeUndefined()
  })

  test('of texts that were damaged, those that end are JSON', () => {
    const random = createRandom(5)
    const texts = [
      '{"a":"x","b":{"c":12,"d":[1,2.5,{"e":null}]},"f":[true,false],"g":"\\u00e9\\n","h":-1e-3}',
      '[{"k":"0123456789012345678901234567890123456789"},"\\\\",[],{},0]',
    ]
    const bytes = Array.from('{}[]",:\\0123456789eE+-.truefalsn x\t\u0001é')
    let kept = 0
    const wrong: string[] = []
    for (let round = 0; round < 20_000; round++) {
      let text = random.pick(texts)
      for (let n = random.integer(1, 3); n > 0; n--) {
        const at = random.integer(0, text.length)
        text =
          text.slice(0, at) + (random.chance(0.5) ? random.pick(bytes) : '') + text.slice(at + random.integer(0, 2))
      }
      const end = skip(text)
      if (end === undefined) continue
      kept++
      const value = new TextDecoder().decode(encoder.encode(text).subarray(0, end))
      if (!parses(value)) wrong.push(value)
    }
    expect(wrong).toEqual([])
    expect(kept).toBeGreaterThan(1_000)
  })
})

/** The leaves of a record, as `path kind slot`, and the texts in their slots. */
function outline(text: string, walk = walkOver(all)) {
  const bytes = encoder.encode(text)
  expect(walk.load(bytes)).toBe(true)
  const place = walk.over(0)
  if (!place) return undefined
  const leaves = leavesOf(place)
  const values = leaves?.flatMap((leaf) =>
    leaf.slot < 0 ? [] : [new TextDecoder().decode(bytes.subarray(walk.from(leaf), walk.to(leaf)))],
  )
  return { place, end: walk.end(), leaves: leaves?.map(({ path, kind }) => `${path.join('.')} ${kind}`), values }
}

describe('the outline of a record', () => {
  test('keys and kinds of all that is wanted', () => {
    const text =
      '{"a":"x","b":{"c":-1,"d":{"any":["thing"]}},"e":["p","q"],"z":[1,{"y":2}],"n":null,"t":true,"g":1.5,"l":1234567890123456}'
    expect(outline(text)).toMatchObject({
      end: text.length,
      leaves: ['a 0', 'b.c 1', 'b.d 6', 'e.0 0', 'e.1 0', 'z 7', 'n 5', 't 3', 'g 2', 'l 9'],
      values: ['x', '-1', 'p', 'q', '1.5', '1234567890123456'],
    })
  })

  test('equal outlines end in one place, whatever the values and blanks; others do not', () => {
    const walk = walkOver(all)
    const place = outline('{"a":"x","b":{"c":1}}', walk)?.place
    expect(outline('{ "a" : "other \\" text" , "b" : { "c" : 23 } }', walk)?.place).toBe(place)
    for (const text of [
      '{"a":"x","b":{"c":1.5}}',
      '{"b":{"c":1},"a":"x"}',
      '{"a":"x","b":{}}',
      '{"a":"x","b":{"c":1},"z":0}',
    ])
      expect(outline(text, walk)?.place).not.toBe(place)
  })

  test('what makes no difference is passed over, however it is called', () => {
    const some = wantedBy([{ rest: { kind: 'map', of: 'json' } }], ['rest.wanted'])
    const walk = walkOver(some)
    const place = outline('{"rest":{"wanted":"w"}}', walk)?.place
    for (let n = 0; n < 100; n++) {
      const found = outline(`{"rest":{"k${n}":{"deep":[${n}]},"wanted":"w","l${n}":"wanted"}}`, walk)
      expect(found?.place).toBe(place)
      expect(found?.values).toEqual(['w'])
    }
    // The same key, written in another way.
    expect(outline('{"rest":{"\\u0077anted":"w"}}', walk)).toBeUndefined()
  })

  test('a key that comes twice has no leaves', () => {
    expect(outline('{"a":"x","a":"y"}')?.leaves).toBeUndefined()
    expect(outline('{"b":{"c":1},"b":{"c":2}}')?.leaves).toBeUndefined()
  })

  test.each([
    '{"__proto__":1}',
    '{"a\\u0062":1}',
    `{"e":[${'"x",'.repeat(1_024)}"x"]}`,
    '{"a":"x"',
    '{"a":01}',
    '{"a":1,}',
  ])('left to JSON.parse: %s', (text) => expect(outline(text)).toBeUndefined())

  test('what can be learned has a bound, and what is known stays so', () => {
    const walk = walkOver(all)
    const place = outline('{"a":"x"}', walk)?.place
    let left = 0
    for (let n = 0; n < 70_000 && left < 10; n++)
      if (!outline(`{"a":"x","b":{"c":1,"k${n % 300}-${n}":2}}`, walk)) left++
    expect(left).toBe(10)
    expect(outline('{"a":"y"}', walk)?.place).toBe(place)
  })

  test('bytes beyond the bound are not taken', () => {
    const walk = walkOver(all)
    expect(walk.load(new Uint8Array(16 * 1_048_576))).toBe(true)
    expect(walk.load(new Uint8Array(16 * 1_048_576 + 1))).toBe(false)
  })
})
