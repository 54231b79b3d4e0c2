import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Alert } from '../../core/contracts/index.ts'
import { textWidth } from '../../core/text/printable.ts'
import { type RenderOptions, renderAlert } from './render.ts'

const alert: Alert = {
  id: '3f9a1c2e77aa',
  rule: 'sudo-in-pci',
  severity: 'high',
  title: 'sudo on web-3.pci',
  description: 'Someone used sudo\n  on a host of the PCI environment.',
  createdAt: '2026-02-03T10:02:12.000Z',
  cluster: 'pci',
  source: 'file:osquery',
  schema: 'osquery:differential',
  record: {
    id: 'r1',
    source: 'file:osquery',
    cluster: 'pci',
    position: 'osquery.log#0',
    receivedAt: 0,
    schema: 'osquery:differential',
    time: Date.UTC(2026, 1, 3, 10, 2, 11),
    data: {
      unixTime: 1_770_112_931,
      action: 'added',
      decorations: { host_uuid: '4c4c4544-0042-3510-8052-b4c04f4d5331', owner: null },
      columns: { cmdline: 'sudo cat /etc/shadow', username: 'alice' },
      hostIdentifier: 'web-3.pci',
    },
    normalised: { user: ['alice'], host: ['web-3.pci'] },
  },
  outputs: ['terminal:screen'],
  context: {},
  staged: false,
}

const plain: RenderOptions = { colour: false, columns: 90, sensitive: [] }
const lines = (given: Alert, options: Partial<RenderOptions> = {}) =>
  renderAlert(given, { ...plain, ...options })
    .trimEnd()
    .split('\n')

test('says what happened, when, where, why it matters, and what stands out in the record', () => {
  expect(lines(alert)).toEqual([
    '▌  HIGH      sudo on web-3.pci                                     2026-02-03 10:02:11 UTC',
    '▌            3f9a1c2e · sudo-in-pci · pci · osquery:differential from file:osquery',
    '▌            Someone used sudo on a host of the PCI environment.',
    '▌            username alice   hostIdentifier web-3.pci   action added',
    '▌            cmdline sudo cat /etc/shadow',
  ])
})

test('shows the context that the rule chose instead', () => {
  const shown = lines({ ...alert, context: { who: 'alice', where: { host: 'web-3', zone: 'b' }, ports: [22, 80] } })
  expect(shown.at(-1)).toBe('▌            who alice   host web-3   zone b   ports 22, 80')
})

test('an update tells how many more there are, and where they differ', () => {
  const mergedFrom = {
    count: 15,
    first: '2026-02-03T10:02:11.000Z',
    last: '2026-02-03T10:06:58.000Z',
    by: { hostIdentifier: 'web-3.pci' },
    records: [],
    common: {},
    differences: { 'columns.username': ['alice', 'bob', 'carol', 'dave', 'eve'], unixTime: [1, 2] },
  }
  expect(lines({ ...alert, mergedFrom, updates: alert.id }).slice(2)).toEqual([
    '▌            … 14 more since 10:02:11, the last at 10:06:58',
    '▌            hostIdentifier web-3.pci   username alice, bob, carol, dave, and 1 more',
  ])
  expect(lines({ ...alert, mergedFrom })[2]).toBe('▌            15 records from 10:02:11 to 10:06:58')
})

test('a staged alert says so', () => {
  expect(lines({ ...alert, staged: true })[1]).toContain('staged: sent to nobody')
})

test('nothing of a log can command the terminal or begin a line', () => {
  const evil = '\u001b[2J\u009b1m\u0007\r\n\u202e\u2028x'
  const hostile: Alert = {
    ...alert,
    rule: evil,
    title: evil,
    description: evil,
    source: evil,
    id: evil,
    schema: evil,
    cluster: evil,
    context: { [evil]: evil },
    mergedFrom: { count: 2, first: evil, last: evil, by: { [evil]: evil }, records: [], common: {}, differences: {} },
  }
  const shown = renderAlert(hostile, plain)
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(shown.split('\n').slice(0, -1)).toSatisfy((all: string[]) => all.every((line) => line.startsWith('▌ ')))
  expect(stripVTControlCharacters(renderAlert(hostile, { ...plain, colour: true }))).toBe(shown)
})

test('sensitive values are not shown, wherever they appear', () => {
  const data = { user: { name: 'alice', password: 'hunter2' }, pin: '12', keys: [{ secret: 's3cr3t' }] }
  const given: Alert = {
    ...alert,
    title: 'alice sent hunter2',
    record: { ...alert.record, data, normalised: { password: ['hunter2'] } },
  }
  const sensitive = ['user.password', 'pin', 'keys[].secret']
  const shown = renderAlert(given, { ...plain, sensitive })
  expect(shown).not.toMatch(/hunter2|12\b.*pin|s3cr3t/)
  expect(shown).toContain('alice sent •••')
  expect(shown).toContain('password •••   name alice   pin •••   secret •••')
  expect(renderAlert({ ...given, context: { typed: 'hunter2' } }, { ...plain, sensitive })).toContain('typed •••')
})

test.each([20, 40, 60, 80, 132])('lines fit into %d columns', (columns) => {
  const title = '山田太郎 が新しい国からログイン '.repeat(8)
  const context = { long: 'x'.repeat(500), [`name${'y'.repeat(200)}`]: 'value' }
  const shown = lines({ ...alert, title, context, description: 'word '.repeat(100) }, { columns })
  expect(Math.max(...shown.map(textWidth))).toBeLessThanOrEqual(Math.max(columns, 22))
  expect(shown.length).toBeLessThanOrEqual(8)
})

test('any record can be shown', () => {
  const deep: Record<string, unknown> = {}
  let at = deep
  for (let depth = 0; depth < 500; depth += 1) at = at.next = {} as Record<string, unknown>
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]))
  const data = { deep, wide, list: Array.from({ length: 100 }, () => []), nothing: null, ['__proto__']: 'x' }
  expect(lines({ ...alert, record: { ...alert.record, data } }).length).toBeLessThanOrEqual(6)
})
