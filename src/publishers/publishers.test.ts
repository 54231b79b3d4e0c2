import { expect, test } from 'vitest'
import type { Alert, Publisher } from '../core/contracts/index.ts'
import { runPublishers } from '../core/publishing/chain.ts'
import { sampleAlert } from '../testing/sample-alert.ts'
import * as all from './index.ts'

const run = (publishers: readonly Publisher[], alert: Alert = sampleAlert) =>
  runPublishers(publishers, alert, structuredClone)

const alertOn = (data: Readonly<Record<string, unknown>>): Alert => ({
  ...sampleAlert,
  record: { ...sampleAlert.record, data },
})

test('blank begins with nothing, record adds the record', () => {
  expect(run([all.blank])).toEqual({})
  expect(run([all.blank, all.record])).toEqual({ record: sampleAlert.record.data })
})

test('without-internals leaves what a person wants to read', () => {
  expect(Object.keys(run([all.withoutInternals]))).toEqual([
    ...['id', 'rule', 'severity', 'title', 'description', 'createdAt', 'cluster', 'source', 'schema', 'record', 'time'],
    'context',
  ])
})

test('without-fields drops names and patterns at any depth', () => {
  const alert = alertOn({ user: 'a', inner: [{ password: 'x', token_id: 'y', kept: 1 }], password: 'z' })
  expect(run([all.withoutFields('password', /^token/)], alert)['record']).toEqual({ user: 'a', inner: [{ kept: 1 }] })
})

test('with-fields adds all values of these names, and an empty list where there is none', () => {
  const alert = alertOn({ ip: '1.1.1.1', inner: [{ ip: '2.2.2.2' }, { other: { ip: ['3.3.3.3'] } }] })
  expect(run([all.blank, all.withFields('ip', 'user')], alert)).toEqual({
    ip: ['1.1.1.1', '2.2.2.2', ['3.3.3.3']],
    user: [],
  })
})

test('flat puts every value under its path', () => {
  const alert = alertOn({ a: { b: [1, { c: null }], empty: {} }, t: 'x' })
  expect(run([all.blank, all.record, all.flat], alert)).toEqual({
    'record.a.b[0]': 1,
    'record.a.b[1].c': null,
    'record.a.empty': {},
    'record.t': 'x',
  })
})

test('lists-as-text writes lists of plain values as text', () => {
  const alert = alertOn({ ports: [22, 80], people: [{ name: 'x' }], none: [] })
  expect(run([all.listsAsText], alert)['record']).toEqual({ ports: '22, 80', people: [{ name: 'x' }], none: '' })
})

test('a key __proto__ in a record stays a key', () => {
  const alert = alertOn(JSON.parse('{"__proto__": {"polluted": 1}, "a": 2}') as Record<string, unknown>)
  const record = run([all.withoutFields('nothing'), all.listsAsText], alert)['record']
  expect(JSON.stringify(record)).toBe('{"__proto__":{"polluted":1},"a":2}')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('slack: a summary, the rule, a template, the record', () => {
  const alert = { ...alertOn({ who: '<b>', n: { m: [1] } }), title: 'sudo & <more>' }
  const publication = run(
    [
      all.slackSummary,
      all.slackRule,
      all.slackTemplate('{record.who} {record.n.m} {record.x.y} {__proto__}'),
      all.slackRecord,
    ],
    alert,
  )
  expect(publication['@slack.text']).toBe('*high* sudo &amp; &lt;more&gt;')
  expect(publication['@slack.attachments']).toEqual([
    { title: 'sudo-in-pci', text: 'Someone used sudo on a host of the PCI environment.' },
    { text: '&lt;b&gt; [1] (none) (none)', mrkdwn_in: ['text'] },
    {
      title: 'Record',
      text: expect.stringMatching(/^```\{\n {2}"who": "&lt;b&gt;"[^]*```$/) as string,
      mrkdwn_in: ['text'],
    },
  ])
})

test('slack: the publication that is attached is what the publishers before left', () => {
  const publication = run([all.blank, all.withFields('action'), all.slackSummary, all.slackPublication])
  expect(publication['@slack.attachments']).toEqual([
    { title: 'Alert', text: '```{\n  "action": [\n    "added"\n  ]\n}```', mrkdwn_in: ['text'] },
  ])
})

test('pagerduty: title, urgency, details, lists, image', () => {
  const alert = alertOn({ ports: [22, 80], rest: 'x' })
  const publication = run(
    [
      ...[all.blank, all.record, all.pagerdutyShortTitle, all.pagerdutyHighUrgency, all.pagerdutyDetails],
      ...[all.pagerdutyLists, all.pagerdutyImage({ src: 'https://example.com/a.png' })],
    ],
    alert,
  )
  expect(publication).toEqual({
    record: { ports: [22, 80], rest: 'x' },
    '@pagerduty-v2.summary': 'sudo-in-pci',
    '@pagerduty-v2.severity': 'critical',
    '@pagerduty-v2.custom_details': { record: { ports: '22\n80', rest: 'x' } },
    '@pagerduty-v2.images': [{ src: 'https://example.com/a.png' }],
  })
  expect(run([all.pagerdutyLowUrgency])['@pagerduty-v2.severity']).toBe('warning')
})

test('each that needs no argument can be named in the configuration', () => {
  const made = Object.values(all).filter((value) => typeof value === 'object' && 'publish' in value)
  expect(all.publishers.map(({ name }) => name).toSorted()).toEqual(made.map(({ name }) => name).toSorted())
})
