import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defineRule, defineSchema, matcher } from '../../index.ts'
import { json } from '../../parsers/index.ts'
import type { Frame } from '../contracts/index.ts'
import { compileNormalise } from '../normalise.ts'
import { explain } from './index.ts'
import { explanationLines } from './text.ts'

const door = defineSchema({
  name: 'acme:door',
  description: 'Doors.',
  parse: json(),
  fields: { door: 'string', by: 'string?', tries: 'integer', tags: 'json' },
  normalise: { user: 'by' },
  sensitive: ['pin', 'card.number'],
})
const base = { name: 'a-rule', description: 'x', severity: 'low', schemas: [door], match: () => true } as const

const frame: Frame = {
  ...{ source: 'test:test', cluster: 'prod', origin: 'test', offset: 0, receivedAt: 0, mode: 'live', encoded: false },
  bytes: new Uint8Array(),
}

function explained(options: object, data: Record<string, unknown>) {
  const rule = defineRule(Object.assign({ ...base }, options))
  const normalised = compileNormalise(door)(data)
  const known = { normalised: () => normalised, position: () => 'p', text: () => '', number: 0 }
  const item = { schema: door, data, envelope: undefined, time: 0, ...known }
  const found = explain(rule, item, { frame, tables: new Map(), hash: (text) => hash('sha256', text) })
  expect(JSON.parse(JSON.stringify(found))).toMatchObject({ rule: 'a-rule', matches: found.matches })
  return { matches: found.matches, lines: explanationLines(found, (fn) => `rules/a.ts:${fn}`) }
}

const record = { door: 'vault', by: null, tries: 3, tags: ['a', 'b'] }

test('each condition with what it wants and what the record has', () => {
  const where = { door: { startsWith: 'v', endsWith: 'T', ignoreCase: true }, tries: { not: 3 }, tags: 'b', by: 'ada' }
  expect(explained({ where }, record)).toEqual({
    matches: false,
    lines: [
      '✓ schema acme:door: acme:door',
      '✗ where',
      '    ✓ door; found "vault"',
      '      ✓ startsWith "v" in any case',
      '      ✓ endsWith "T" in any case',
      '    ✗ tries not equals 3; found 3',
      '    ✓ tags equals "b"; found "a", "b"',
      '    ✗ by equals "ada"; found null',
      '· match (rules/a.ts:0): not tried',
    ],
  })
})

test('what the log type calls sensitive is not shown', () => {
  const secret = { ...record, pin: '1234', card: { number: '5', kind: 'visa' } }
  const where = { pin: '1234', 'card.number': { exists: true }, card: { exists: true }, 'card.kind': 'visa' }
  expect(explained({ where }, secret).lines.slice(2, 6)).toEqual([
    '    ✓ pin equals "1234"; found "•••"',
    '    ✓ card.number exists true; found "•••"',
    '    ✓ card exists true; found "•••"',
    '    ✓ card.kind equals "visa"; found "visa"',
  ])
})

test('alternatives, of which one is enough', () => {
  const where = [{ door: 'gate' }, { door: { matches: /^V/i }, missing: { exists: false } }]
  expect(explained({ where }, record)).toMatchObject({
    matches: true,
    lines: expect.arrayContaining([
      '✓ where: any of',
      '    ✗ alternative 1',
      '    ✗ door equals "gate"; found "vault"',
      '    ✓ alternative 2',
      '    ✓ door matches "/^V/i"; found "vault"',
      '    ✓ missing exists false; found absent',
    ]),
  })
})

test('clusters, types, required fields, matchers and match, in the order in which they are tried', () => {
  const options = {
    clusters: ['pci', 'office'],
    types: ['user'],
    requires: ['by', 'floor'],
    matchers: [matcher({ door: 'vault' }), function atNight() {}],
  }
  expect(explained(options, record).lines).toEqual([
    '✓ schema acme:door: acme:door',
    '✗ cluster pci, office: prod',
    '✗ types user',
    '✓ requires by',
    '✗ requires floor: is absent',
    '✓ matcher',
    '    ✓ door equals "vault"; found "vault"',
    '· matcher atNight (rules/a.ts:0): not tried',
    '· match (rules/a.ts:1): not tried',
  ])
})

test('a function that says no, answers something else, or throws', () => {
  const last = (match: unknown) => explained({ match }, record).lines.at(-1)
  expect(last(() => false)).toBe('✗ match (rules/a.ts:0): false')
  expect(last(() => 'yes')).toBe('✗ match (rules/a.ts:0): threw: match returned string: it must return true or false.')
  expect(last(() => (record as unknown as { a: { b: 1 } }).a.b)).toMatch(
    /^✗ match \(rules\/a\.ts:0\): threw: Cannot read/,
  )
})

test('a match says what becomes of it', () => {
  const alert = {
    title: () => 'Door\u001b[31m',
    outputs: ['a:b'],
    context: () => {
      throw new Error('no context')
    },
  }
  expect(explained(alert, record).lines.slice(2)).toEqual([
    '  alert: low: Door\\x1b[31m',
    '  goes to a:b',
    '  context threw: no context',
  ])
  const threshold = { count: 3, per: ['door'], window: '5m' }
  expect(explained({ threshold }, record).lines.slice(2)).toEqual([
    '  alert: low: a-rule',
    '  key: door = "vault"',
    '  It alerts when 3 matches come within 5 min; one match alone does not.',
  ])
  expect(explained({ threshold: { ...threshold, per: ['by'] } }, record).lines.at(-1)).toContain('is not counted')
  expect(explained({ merge: { by: ['by'], window: '5m' } }, record).lines.at(-1)).toContain('is not merged')
  expect(explained({ dedup: { by: ['by'], window: '1h' } }, record).lines.slice(-2)).toEqual([
    '  key: by = null',
    '  Matches with the same key within 60 min join its alert.',
  ])
})
