import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sshd } from '../../schemas/index.ts'
import { defineRule } from '../index.ts'
import { explainText } from './explain-text.ts'
import { prepareRuleTests } from './rule-runner.ts'

const rule = defineRule({ name: 'a-rule', description: 'x', severity: 'low', schemas: [sshd], match: () => true })
const around = prepareRuleTests({
  schemas: [sshd],
  clusters: ['prod'],
  tables: new Map(),
  hash: (text) => hash('sha256', text),
  now: 0,
})
const explain = (text: string, more: { schema?: string; cluster?: string } = {}) =>
  explainText(rule, { text, ...more }, around, import.meta.dirname)

test('functions are said with where they stand', () => {
  const [found] = explain('Mar  2 10:00:00 web-1 sshd[811]: Connection closed by 203.0.113.7 port 4')
  expect(found).toMatchObject({
    matches: true,
    schema: 'sshd',
    functions: [expect.stringMatching(/^explain-text\.test\.ts:\d+:\d+$/)],
  })
})

test('a record that is not of the stated log type', () => {
  expect(explain('{"a":1}', { schema: 'sshd' })).toMatchObject([
    {
      matches: false,
      schema: null,
      steps: [{ what: 'schema', holds: false, found: expect.stringContaining('It is not of sshd: ') as string }],
    },
  ])
})

test.each<[string, object, string, string]>([
  ['', {}, 'RECORD_UNPARSABLE', 'holds no record'],
  ['{', { schema: 'sshd' }, 'RECORD_UNPARSABLE', 'not valid JSON'],
  ['[]', { schema: 'sshd' }, 'RECORD_UNPARSABLE', 'is a JSON object'],
  ['{}', { schema: 'ssh' }, 'CONFIG_UNKNOWN_NAME', 'no log type "ssh"'],
  ['{}', { cluster: 'prd' }, 'CONFIG_UNKNOWN_NAME', 'no cluster "prd"'],
])('%j %j cannot be explained', (text, more, code, message) => {
  expect(() => explain(text, more)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
  )
})
