import { describe, expect, it } from 'vitest'
import { CodedError } from '../errors.ts'
import { indexCandidates } from './candidates.ts'
import { compileWhere } from './compile.ts'

const record = {
  eventName: 'StopLogging',
  errorCode: null,
  count: 0,
  sourceIPAddress: '10.1.2.3',
  userIdentity: { type: 'Root', arn: 'arn:aws:iam::1:root' },
  resources: [{ ARN: 'arn:a' }, { ARN: 'arn:b', tags: ['x', 'y'] }],
}

describe('where', () => {
  it.each<[string, unknown, boolean]>([
    ['a value', { eventName: 'StopLogging' }, true],
    ['another value', { eventName: 'DeleteTrail' }, false],
    ['a falsy value', { count: 0 }, true],
    ['all fields', { eventName: 'StopLogging', 'userIdentity.type': 'IAMUser' }, false],
    ['any alternative', [{ eventName: 'X' }, { 'userIdentity.type': 'Root' }], true],
    ['oneOf', { eventName: { oneOf: ['DeleteTrail', 'StopLogging'] } }, true],
    ['startsWith', { eventName: { startsWith: ['Start', 'Stop'] } }, true],
    ['endsWith', { 'userIdentity.arn': { endsWith: ':root' } }, true],
    ['contains', { eventName: { contains: 'Log' } }, true],
    ['case', { eventName: { contains: 'LOG' } }, false],
    ['ignoreCase', { eventName: { equals: 'stoplogging', ignoreCase: true } }, true],
    ['cidr', { sourceIPAddress: { cidr: ['192.168.0.0/16', '10.0.0.0/8'] } }, true],
    ['cidr outside', { sourceIPAddress: { cidr: '192.168.0.0/16' } }, false],
    ['cidr of another family', { sourceIPAddress: { cidr: '::/0' } }, false],
    ['matches', { eventName: { matches: /^stop/i } }, true],
    ['greaterThan', { count: { greaterThan: -1 } }, true],
    ['lessThan', { count: { lessThan: 0 } }, false],
    ['exists', { eventName: { exists: true } }, true],
    ['null is absent', { errorCode: { exists: false } }, true],
    ['exists: false on a value', { eventName: { exists: false } }, false],
    ['not', { eventName: { not: 'StopLogging' } }, false],
    ['not, of an absent field', { missing: { not: 'x' } }, true],
    ['any element of a list', { 'resources.ARN': 'arn:b' }, true],
    ['no element of a list', { 'resources.ARN': { not: { startsWith: 'arn:' } } }, false],
    ['a list of values', { 'resources.tags': 'y' }, true],
    ['two tests of one value', { 'resources.ARN': { startsWith: 'arn:', endsWith: 'b' } }, true],
    ['two tests that different values pass', { 'resources.ARN': { startsWith: 'arn:a', endsWith: 'b' } }, false],
  ])('%s', (_, where, expected) => {
    expect(compileWhere(where).holds(record)).toBe(expected)
  })

  it('reads own properties only', () => {
    expect(compileWhere({ 'constructor.name': 'Object' }).holds({})).toBe(false)
    expect(compileWhere({ toString: { exists: true } }).holds({})).toBe(false)
  })

  it.each<[unknown, string]>([
    [{}, 'where: where: has no condition'],
    [{ a: { starts: 'x' } }, '"starts" is no test'],
    [{ a: { cidr: '10.0.0.0/99' } }, '"10.0.0.0/99" is no network'],
    [{ a: { oneOf: [] } }, '"oneOf" is no list'],
    [{ a: { contains: '' } }, 'that are not empty'],
    [{ a: { matches: 'x' } }, 'no regular expression'],
    [{ a: { exists: false, equals: 1 } }, 'stands alone'],
  ])('says what is wrong with %j', (where, message) => {
    expect(() => compileWhere(where)).toThrow(CodedError)
    expect(() => compileWhere(where)).toThrow(message)
  })
})

describe('the index of candidates', () => {
  const wheres = [
    { eventName: 'StopLogging' },
    { eventName: { oneOf: ['A', 'B'] }, 'resources.ARN': 'arn:b' },
    [{ eventName: 'A' }, { 'resources.tags': 'x' }],
    { eventName: { startsWith: 'Stop' } },
    { eventName: { not: 'StopLogging' } },
  ].map(compileWhere)
  const records: unknown[] = [
    record,
    { eventName: 'A' },
    { eventName: 'B', resources: { ARN: 'arn:b' } },
    'no object',
    {},
  ]
  const index = indexCandidates(new Map(wheres.map((where, rule) => [rule, [where]])))
  const numbers = records.map((_, n) => n)

  it('gives each rule all records on which it holds, and few others', () => {
    const found = index.candidates(numbers, (n) => records[n])
    for (const [rule, where] of wheres.entries()) {
      const holding = numbers.filter((n) => where.holds(records[n]))
      const seen = index.everywhere.has(rule) ? numbers : (found.get(rule) ?? [])
      expect(seen).toEqual(expect.arrayContaining(holding))
    }
    expect(found.get(0)).toEqual([0])
    expect(found.get(3)).toEqual([0])
    expect([...index.everywhere]).toEqual([4])
  })

  const texts = [
    'Stop',
    'stopLogging',
    'LOGG',
    'gin',
    'ÉCLAIR',
    'éclair',
    '\u212Aelvin',
    'kelvin',
    'a',
    'ab',
    'İstanbul',
    'xyz',
    '',
  ]
  const ops = ['equals', 'oneOf', 'contains', 'startsWith', 'endsWith'] as const

  it('leaves out no record on which a rule holds, whatever its texts are, and nearly all others', () => {
    const conditions = texts
      .slice(0, -1)
      .flatMap((text) =>
        ops.flatMap((op) =>
          [true, false].map((ignoreCase) => ({ name: { [op]: op === 'oneOf' ? [text, 'z'] : text, ignoreCase } })),
        ),
      )
    const wheres = conditions.map(compileWhere)
    const data = texts.flatMap((text) =>
      [text, text.toLowerCase(), text.toUpperCase(), `pre ${text} post`, `${text}!`, `${text} `.repeat(2_000)].map(
        (name) => ({
          name: name.length % 2 === 0 ? name : ['other', name],
        }),
      ),
    )
    const index = indexCandidates(new Map(wheres.map((where, rule) => [rule, [where]])))
    const all = data.map((_, n) => n)
    const found = index.candidates(all, (n) => data[n])
    let holding = 0
    for (const [rule, where] of wheres.entries()) {
      const held = all.filter((n) => where.holds(data[n]))
      holding += held.length
      expect(found.get(rule) ?? []).toEqual(expect.arrayContaining(held))
    }
    expect(index.everywhere.size).toBe(0)
    const seen = [...found.values()].reduce((sum, records) => sum + records.length, 0)
    expect(seen).toBeLessThan(3 * holding)
  })

  it.each<[string, object, number[]]>([
    ['a field that is there', { size: { greaterThan: 5 } }, [0, 1]],
    ['the rarer of two fields', { size: { greaterThan: 5 }, kind: 'b' }, [1]],
    ['a text in an alternative', [{ kind: { contains: 'needle' } }, { kind: 'a' }], [0, 2]],
  ])('enters a rule under %s', (_, where, seen) => {
    const data = [{ size: 1, kind: 'a' }, { size: 9, kind: 'b' }, { kind: 'a needle' }, { size: null }]
    const index = indexCandidates(new Map([[7, [compileWhere(where)]]]))
    expect(index.candidates([0, 1, 2, 3], (n) => data[n]).get(7)).toEqual(seen)
  })
})
