import { describe, expect, it, test } from 'vitest'
import { defineRule, defineSchema, matcher } from '../index.ts'
import { json } from '../parsers/index.ts'
import { CodedError } from './errors.ts'

const door = defineSchema({ name: 'door', description: 'x', parse: json(), fields: { door: 'string', by: 'string?' } })

const base = { name: 'a-rule', description: 'x', severity: 'low', schemas: [door], match: () => true } as const
const declare = (more: object) => defineRule(Object.assign({ ...base }, more))

test('a declaration becomes a rule with every option in its place', () => {
  const key = () => 'k'
  const rule = declare({
    types: ['user'],
    requires: ['by'],
    where: { door: 'vault' },
    matchers: [matcher(door, { by: { exists: true } })],
    dedup: { by: key, window: '2m' },
    lookups: { owners: 'string' },
  })
  expect(rule.info).toMatchObject({ schemas: ['door'], types: ['user'], dedup: { by: [], windowMs: 120_000 } })
  expect(rule).toMatchObject({ dedup: key, lookups: { owners: 'string' }, requires: [{ text: 'by' }] })
  expect(declare({ dedup: { by: ['door'], window: '1h' } }).info.dedup).toEqual({ by: ['door'], windowMs: 3_600_000 })
})

test.each<[unknown, object]>([
  [undefined, {}],
  [false, { staged: false }],
  [true, { staged: {} }],
  ['48h', { staged: { forMs: 172_800_000 } }],
  [{ for: '1h', maxAlerts: 3 }, { staged: { forMs: 3_600_000, maxAlerts: 3 } }],
])('staged: %j', (staged, expected) => {
  const { staged: found } = declare({ staged }).info
  expect(found === undefined ? {} : { staged: found }).toEqual(expected)
})

describe('what is wrong with a declaration', () => {
  it.each<[object, string]>([
    [{ name: 'Bad Name' }, 'name: "Bad Name" is not lower case'],
    [{ schemas: undefined }, 'schemas, types: one of the two'],
    [{ schemas: [] }, 'schemas, types: one of the two'],
    [{ schemas: [undefined] }, 'schemas: is no list of log types'],
    [{ types: 'user' }, 'types: is no list of names'],
    [{ match: undefined }, 'where, match: one of the two'],
    [{ match: 'x' }, 'match: is not a function'],
    [{ matchers: ['x'] }, 'matchers: holds what is neither'],
    [{ severity: 'bad' }, 'severity: "bad" is none of'],
    [{ requires: ['a..b'] }, 'requires: "a..b" is not a path'],
    [{ merge: { by: [], window: '5m' } }, 'merge.by: names no field'],
    [{ merge: { by: ['door'], window: '5 minutes' } }, 'merge.window: "5 minutes" is not a duration'],
    [{ dedup: { by: 3, window: '5m' } }, 'dedup.by: names no field and is no function'],
    [{ merge: { by: ['door'], window: '5m' }, dedup: { by: ['door'], window: '5m' } }, 'merge, dedup: each says how'],
    [{ merge: { by: ['door'], window: '5m', limit: 0.5 } }, 'merge.limit: is no whole number from 1 on'],
    [{ threshold: { count: 0, per: [], window: '5m' } }, 'threshold.count: is less than 1'],
    [{ attack: ['1078'] }, 'attack: "1078" is no technique'],
    [{ staged: '2 days' }, 'staged: "2 days" is not a duration'],
    [{ staged: 48 }, 'staged: is none of'],
    [{ staged: { maxAlerts: 2 } }, 'staged.for: "undefined" is not a duration'],
    [{ staged: { for: '1h', maxAlerts: -1 } }, 'staged.maxAlerts: is no whole number'],
    [{ staged: { for: '1h', maxAlert: 1 } }, 'staged.maxAlert: is no option'],
    [{ serverity: 'low' }, 'serverity: is no option of a rule. Did you mean "severity"?'],
  ])('%j', (more, message) => {
    expect(() => declare(more)).toThrow(CodedError)
    expect(() => declare(more)).toThrow(message)
  })

  it('is told all at once', () => {
    expect(() => declare({ name: '', description: '', severity: 1 })).toThrow(/name:.*description:.*severity:/)
  })
})
