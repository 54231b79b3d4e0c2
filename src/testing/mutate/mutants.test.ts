import { join } from 'node:path'
import { parse } from 'acorn'
import { expect, test } from 'vitest'
import { projectFolder } from '../project-folder.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { readSource } from './source.ts'

const moduleOf = (options: string, before: string) =>
  `import { defineRule, matcher } from 'streamalert'\n${before}\nexport default defineRule({ name: 'a', ${options} })\n`

/** The mutants of a file with one rule `a`, whose options are given. */
function mutants(options: string, before = ''): Mutant[] {
  return mutantsOf(readSource(join(projectFolder({ 'a.ts': moduleOf(options, before) }), 'a.ts')), ['a'])
}

const changes = (options: string, before = '') => mutants(options, before).map(({ change }) => change)

test('conditions lose an operand, are joined otherwise, and turned round', () => {
  expect(changes(`match: (r) => r.a === 1 && !r.b && ok(r)`)).toEqual([
    'dropped r.a === 1',
    '&& → ||: !r.b || ok(r)',
    '&& → ||: r.a === 1 || !r.b',
    'dropped ok(r)',
    'dropped !r.b',
    '=== → !== in r.a === 1',
    '1 → 2',
    '! dropped of !r.b',
    'negated ok(r)',
  ])
})

test('limits move by one to both sides', () => {
  const limits = (condition: string) =>
    changes(`match: (r) => ${condition}`).filter((change) => !change.startsWith('negated'))
  expect(limits('r.a > 5')).toEqual(['> → <= in r.a > 5', '> → >= in r.a > 5', '5 → 6'])
  expect(limits('r.a < 5')).toEqual(['< → <= in r.a < 5', '< → >= in r.a < 5', '5 → 4'])
  expect(limits('5 <= r.a')).toEqual(['5 → 4', '<= → < in 5 <= r.a', '<= → > in 5 <= r.a'])
})

test('methods, lists, literals and branches', () => {
  expect(
    changes(
      `match: (r) => { if (r.a.startsWith('x')) return true; return ['p', 'q'].some((s) => r.b.toLowerCase() === s) }`,
    ),
  ).toEqual([
    `negated r.a.startsWith('x')`,
    `r.a.startsWith('x') → false`,
    `r.a.startsWith('x') → true`,
    `startsWith → includes in r.a.startsWith('x')`,
    `'x' → ''`,
    'true → false',
    `negated ['p', 'q'].some((s) => r.b.toLowerCase() === s)`,
    `dropped 'p'`,
    `dropped 'q'`,
    `some → every in ['p', 'q'].some((s) => r.b.toLowerCase() === s)`,
    'toLowerCase dropped of r.b.toLowerCase()',
    '=== → !== in r.b.toLowerCase() === s',
  ])
})

test('what stands for nothing, types of values and names of fields are left alone', () => {
  expect(changes(`match: (r) => typeof (r['x'] ?? '') === 'string'`)).toEqual([
    `dropped r['x']`,
    `=== → !== in typeof (r['x'] ?? '') === 'string'`,
  ])
})

test('regular expressions lose anchors, alternatives and flags', () => {
  expect(
    changes('match: (r) => /^a(?:b|[|$]c)\\b$|\\^d/i.test(r.x)').filter((change) => change.includes('/i')),
  ).toEqual([
    'negated /^a(?:b|[|$]c)\\b$|\\^d/i.test(r.x)',
    ...['^', '^a(?:b|[|$]c)\\b$', 'b', '[|$]c', '\\b', '$', '\\^d', 'i'].map(
      (part) => `dropped ${part} of /^a(?:b|[|$]c)\\b$|\\^d/i`,
    ),
  ])
})

test('declared conditions are dropped, negated, widened and changed', () => {
  const where = `where: [{ a: 'x', b: { oneOf: ['p', 'q'] } }, { c: { startsWith: 's', ignoreCase: true }, d: { exists: true }, e: { greaterThan: 3 } }]`
  const all = changes(where)
  expect(all).toEqual(
    expect.arrayContaining([
      `dropped { a: 'x', b: { oneOf: ['p', 'q'] } }`,
      `dropped a: 'x'`,
      `negated 'x'`,
      `equals → startsWith 'x'`,
      `'x' → ''`,
      `negated { oneOf: ['p', 'q'] }`,
      `dropped 'p'`,
      `startsWith → contains 's'`,
      'dropped ignoreCase: true',
      'dropped d: { exists: true }',
      'true → false',
      '3 → 2',
      '3 → 4',
    ]),
  )
  expect(changes(`where: { ip: { cidr: ['10.0.0.0/8', '::/0'] }, n: { not: 'x' } }`)).toEqual(
    expect.arrayContaining([`'10.0.0.0/8' → '10.0.0.0/7'`, `"not" dropped of { not: 'x' }`]),
  )
})

test('the only condition is dropped together with what declares it', () => {
  const alone = mutants(`where: { a: 'x' }`).find(({ change }) => change === 'dropped where')
  expect(alone?.text).toBe('match: () => true')
  expect(changes(`where: { a: 'x' }, match: (r) => r.b`)).toEqual(
    expect.arrayContaining(['dropped where', 'dropped match', 'negated r.b']),
  )
})

test('requires, matchers and thresholds', () => {
  expect(
    changes(
      `requires: ['a.b'], matchers: [byRoot, (r) => r.x], threshold: { count: 3, per: ['u'], window: '5m', distinct: 'c', then: (r) => r.y }`,
      `const byRoot = matcher({ type: 'Root' })`,
    ),
  ).toEqual(
    expect.arrayContaining([
      `dropped 'a.b'`,
      'dropped byRoot',
      'dropped (r) => r.x',
      'negated r.x',
      `negated 'Root'`,
      'count 3 → 2',
      'count 3 → 4',
      `dropped 'u'`,
      `window '5m' → '10m'`,
      `window '5m' → '2.5m'`,
      `dropped distinct: 'c'`,
      'negated r.y',
    ]),
  )
})

test('what the rule refers to in its file is broken too, and nothing else is', () => {
  const before = `const ports = new Set([22, 23])
const unused = (r) => r.a === 1
function open(r) {
  return ports.has(r.port)
}
const entry = { a: 'x', b: 'y' } as const`
  const found = mutants(`title: (r) => r.t === 'x' ? 'a' : 'b', where: { ...entry, c: 'z' }, match: open`, before)
  const at = found.map(({ line, change }) => `${line} ${change}`)
  expect(at).toEqual(
    expect.arrayContaining([
      '2 dropped 22',
      '2 dropped 23',
      '5 negated ports.has(r.port)',
      `7 dropped b: 'y'`,
      '8 dropped ...entry',
    ]),
  )
  expect(at.filter((one) => /unused|r\.a|r\.t/.test(one))).toEqual([])
})

test('rules that a function of the file makes have the mutants of what it is given', () => {
  const text = `import { defineRule } from 'streamalert'
const rule = (name, match) => defineRule({ name, where: { t: 'x' }, match })
export default [rule('one', (r) => r.a), rule('two', (r) => r.b)]
`
  const found = mutantsOf(readSource(join(projectFolder({ 'a.ts': text }), 'a.ts')), ['one', 'two'])
  expect(found.map(({ rules, change }) => `${rules.join()} ${change}`)).toEqual(
    expect.arrayContaining(['one negated r.a', 'two negated r.b', `one,two negated 'x'`]),
  )
})

test('each mutant is a module, and none is the source', () => {
  const options = `match: (r) => (r.a /* a, b */ === 1) || (r.b && [r.c,].includes('x')) || /a|b/.test(r.d ?? 'q'), where: { a: { oneOf: ['x',], }, }`
  const all = mutants(options)
  const { text } = readSource(join(projectFolder({ 'a.ts': moduleOf(options, '') }), 'a.ts'))
  const broken = all.map(({ start, end, text: other }) => text.slice(0, start) + other + text.slice(end))
  expect(new Set([text, ...broken]).size).toBe(all.length + 1)
  for (const one of broken) expect(() => parse(one, { ecmaVersion: 'latest', sourceType: 'module' })).not.toThrow()
})
