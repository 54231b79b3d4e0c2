import { expect, test } from 'vitest'
import { type CodeRequest, codeOf, loadProject } from '../project/index.ts'
import { projectFolder } from './project-folder.ts'
import { type RuleTestsOptions, runRuleTests } from './rule-tests.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

const schema = `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const door = defineSchema({
  name: 'acme:door',
  description: 'Doors of the made-up company Acme.',
  parse: json(),
  fields: { door: 'string', person: 'string?', at: 'timestamp', tries: 'integer' },
  time: 'at',
})
`

const rules = (...declarations: string[]) => `import { defineRule } from 'streamalert'
import { door } from '../schemas/door.ts'
const rule = (name, match, more = {}) =>
  defineRule({ name, description: 'x', severity: 'low', schemas: [door], match, ...more })
export default [${declarations.join(',\n')}]
`

async function requestFor(files: Record<string, string>): Promise<CodeRequest> {
  const yaml = 'clusters: { prod: {}, pci: {} }\ndefaults: { outputs: ["terminal:screen"] }'
  const dir = projectFolder({ 'streamalert.yaml': yaml, 'schemas/door.ts': schema, ...files })
  return codeOf(await loadProject(dir))
}

async function run(files: Record<string, string>, options: Partial<RuleTestsOptions> = {}) {
  const code = await requestFor(files)
  return runRuleTests({ code, now: Date.UTC(2026, 2, 2), timeoutMs: 20_000, onPrinted: () => {}, ...options })
}

const record = { door: 'vault', at: '2026-03-02T10:00:00Z', tries: 3 }

test(
  'a rule that throws, changes its record, never returns, or ends its process fails its own cases alone',
  slow,
  async () => {
    const both = (rule: string) => [
      { rule, name: 'a', record, alerts: true },
      { rule, name: 'b', record: { ...record, tries: 0 }, alerts: false },
    ]
    const names = ['throws', 'changes', 'hangs', 'exits', 'fine']
    const { results } = await run(
      {
        'rules/a.ts': rules(
          `rule('throws', () => { throw new Error('bad luck') })`,
          `rule('changes', (record) => { record.tries = 0; return true })`,
          `rule('hangs', (record) => { while (record.tries > 0) {} return false })`,
          `rule('exits', () => process.exit(0))`,
          `rule('fine', (record) => record.tries > 0)`,
        ),
        'rules/a.test.json': JSON.stringify(names.flatMap(both)),
      },
      { timeoutMs: 1_000 },
    )
    expect(results.map(({ rule, ok, error }) => `${rule} ${ok ? 'ok' : error?.code}`)).toEqual([
      ...['throws RULE_THREW', 'throws RULE_THREW', 'changes RULE_THREW', 'changes RULE_THREW'],
      ...['hangs RULE_TIMEOUT', 'hangs ok', 'exits RULE_CRASHED', 'exits RULE_CRASHED', 'fine ok', 'fine ok'],
    ])
  },
)

test('a rule needs a case that alerts and one that does not', slow, async () => {
  const { results } = await run({ 'rules/a.ts': rules(`rule('untested', () => false)`) })
  expect(results.map(({ rule, ok, error }) => [rule, ok, error?.code])).toEqual([
    ['untested', false, 'TEST_MISSING'],
    ['untested', false, 'TEST_MISSING'],
  ])
})

test('rules are chosen by name or path', slow, async () => {
  const files = {
    'rules/aws/root.ts': rules(`rule('root-login', () => true)`, `rule('root-key', () => true)`).replace(
      '../',
      '../../',
    ),
    'rules/hosts/ssh.ts': rules(`rule('ssh-login', () => true)`).replace('../', '../../'),
  }
  const chosen = async (...patterns: string[]) => [
    ...new Set((await run(files, { patterns })).results.map(({ rule }) => rule)),
  ]
  expect(await chosen('login')).toEqual(['root-login', 'ssh-login'])
  expect(await chosen('*-key', './rules/hosts/ssh.test.json', 'nothing')).toEqual(['root-key', 'ssh-login'])
})

test('what is wrong with a test file is reported with its place', slow, async () => {
  const { problems } = await run({
    'rules/a.ts': rules(`rule('one', () => true)`, `rule('two', () => true)`),
    'rules/a.test.json':
      '[{ "name": "x", "record": {}, "alerts": true }, { "rule": "tow", "name": "x", "record": {}, "alerts": true }]',
    'rules/b.ts': rules(`rule('b', () => true)`),
    'rules/b.test.json':
      '[\n\t{ "name": "x", "recrod": {}, "alert": true },\n\t{ "name": "x", "text": "", "record": {}, "alerts": false, "title": "t" }\n]',
    'rules/c.ts': rules(`rule('c', () => true)`),
    'rules/c.test.json': '[\n  { "name": }\n]',
    'rules/gone.test.json': '[]',
  })
  const shown = problems.map(({ code, place, message }) => {
    expect(code).toBe('TEST_FILE_INVALID')
    return `${place.file}:${place.line ?? ''} ${message}`
  })
  expect(shown).toEqual([
    'rules/a.test.json: "x" does not say which "rule" it is of.',
    'rules/a.test.json: There is no rule "tow" in the file beside.',
    'rules/b.test.json:2 [0].alerts is missing: it must be true or false.',
    'rules/b.test.json:2 There is no option "recrod" in [0].',
    'rules/b.test.json:2 There is no option "alert" in [0].',
    'rules/b.test.json:3 [1] is a mapping: needs exactly one of record, text, override and records.',
    'rules/b.test.json:3 [1] is a mapping: expects no alert, hence no title, severity, dedup or outputs of it.',
    expect.stringMatching(/^rules\/c\.test\.json:2 It is not valid JSON/),
    'rules/gone.test.json: There is no rule file of the same name beside it.',
  ])
})
