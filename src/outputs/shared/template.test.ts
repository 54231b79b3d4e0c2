import { expect, test } from 'vitest'
import { publish } from '../../core/publish.ts'
import { sampleAlert } from '../../testing/sample-alert.ts'
import { compileTemplate, faultsOf } from './template.ts'

const record = { user: { name: 'a"b\n{{title}}' }, tags: ['x', 'y'], count: 3, big: 10n, none: null }
const publication = { ...publish(sampleAlert), record, '@slack.text': 'hello' }
const fill = (template: unknown) => compileTemplate(template)(publication)

test.each([
  ['{{title}}', 'sudo on web-3.pci'],
  ['{{ record.count }}', 3],
  ['{{record.tags}}', ['x', 'y']],
  ['{{record.tags[1]}}', 'y'],
  ['{{record.big}}', 10n],
  ['{{record.none}}', null],
  ['{{record.missing.name}}', null],
  ['{{constructor}}', null],
  ['{{__proto__.polluted}}', null],
  ['{{@slack.text}}', 'hello'],
  ["{{record['user'].name}}", 'a"b\n{{title}}'],
  ['[{{severity}}] {{title}}', '[high] sudo on web-3.pci'],
  ['{{severity}}{{severity}}', 'highhigh'],
  ['{{record.count}} of {{record.missing}}{{record.tags}} {{record.none}}!', '3 of ["x","y"] !'],
  ['by {{record.user.name}}', 'by a"b\n{{title}}'],
  ['nothing to fill { } }}', 'nothing to fill { } }}'],
  [7, 7],
  [null, null],
  [
    { text: '{{title}}', list: ['{{rule}}', 1, true], '{{rule}}': 'x' },
    { text: 'sudo on web-3.pci', list: ['sudo-in-pci', 1, true], '{{rule}}': 'x' },
  ],
])('%j', (template, expected) => {
  expect(fill(template)).toEqual(expected)
})

test('a template with a hostile key keeps it as a key', () => {
  const filled = fill(JSON.parse('{"__proto__": {"a": "{{rule}}"}}'))
  expect(JSON.stringify(filled)).toBe('{"__proto__":{"a":"sudo-in-pci"}}')
})

test('all that is wrong is told at once', () => {
  expect(faultsOf({ a: '{{}}', b: ['fine {{title}}', '{{record[}} x'], c: '{{a..b}}' })).toEqual([
    '"{{}}" holds no path: write {{title}} or {{record.user.name}}',
    '"{{record[}}" holds no path: write {{title}} or {{record.user.name}}',
    '"{{a..b}}" holds no path: write {{title}} or {{record.user.name}}',
  ])
  expect(faultsOf({ a: '{{record.user}}', b: 7, c: null })).toEqual([])
})
