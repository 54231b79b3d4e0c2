import { expect, test } from 'vitest'
import type { Alert } from './contracts/index.ts'
import { publish, publicationJson } from './publish.ts'

const alert: Alert = {
  id: 'a1',
  rule: 'sudo-in-pci',
  severity: 'high',
  title: 'sudo on web-3',
  description: 'Someone used sudo.',
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
    data: { action: 'added', text: 'two\nlines' },
  },
  outputs: ['file:alerts'],
  context: {},
  staged: false,
}

test('the record is its fields; what is known of it stands beside', () => {
  expect(publish(alert)).toEqual({
    ...alert,
    record: { action: 'added', text: 'two\nlines' },
    recordId: 'r1',
    position: 'osquery.log#0',
    time: '2026-02-03T10:02:11.000Z',
  })
})

test('envelope, normalised values, merging and updates go along where there are any', () => {
  const mergedFrom = { count: 1, first: '', last: '', by: {}, records: [], common: {}, differences: {} }
  const record = { ...alert.record, envelope: { host: 'a' }, normalised: { user: ['b'] } }
  expect(publish({ ...alert, record, mergedFrom, updates: 'a0' })).toMatchObject({
    envelope: { host: 'a' },
    normalised: { user: ['b'] },
    mergedFrom,
    updates: 'a0',
  })
  expect(Object.keys(publish(alert))).not.toContain('mergedFrom')
})

test('as JSON it is one line, whatever the context holds', () => {
  const text = publicationJson(publish({ ...alert, context: { big: 12345678901234567890n } }))
  expect(text).not.toContain('\n')
  expect(JSON.parse(text)).toMatchObject({ id: 'a1', context: { big: '12345678901234567890' } })
})
