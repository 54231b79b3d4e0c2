import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import { startRuleTestThread } from '../testing/rule-test-thread.ts'
import { codeOf } from './code-request.ts'
import { loadProject } from './load.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

/** Loads a project's code as the engine does: by Node itself, in a thread with an empty environment. */
async function load(files: Record<string, string>) {
  const yaml = `
clusters: { prod: {}, pci: {} }
outputs: { file: { alerts: { path: a.jsonl } } }
defaults: { outputs: ['file:alerts'] }
sources: { file: { a: { cluster: prod, paths: [a], schemas: ['acme:door'] } } }`
  const project = await loadProject(projectFolder({ 'streamalert.yaml': yaml, 'schemas/door.ts': schema, ...files }))
  const printed: string[] = []
  const thread = await startRuleTestThread({
    code: codeOf(project),
    now: 0,
    timeoutMs: 20_000,
    onPrinted: (text) => printed.push(text),
  })
  await thread.close()
  const problems = thread.problems.map(({ code, place: { file, line, column }, message, hint }) => {
    return [
      `${[file, line, column].filter((part) => part !== undefined).join(':')} ${code} ${message}`,
      ...(hint ? [hint] : []),
    ].join(' ')
  })
  const rules = thread.rules.map(({ name }) => name)
  return { rules, problems, printed: printed.join(''), replaced: thread.replaced }
}

const schema = `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const door = defineSchema({
  name: 'acme:door', description: 'Doors.', parse: json(), fields: { door: 'string', owner: { id: 'integer' } },
})
`

const rule = (name: string, more = '') => `import { defineRule } from 'streamalert'
import { door } from '../schemas/door.ts'
export default defineRule({
  name: '${name}', description: 'x', severity: 'low', schemas: [door], match: () => true,
  ${more}
})
`

test(
  'rules of TypeScript run anywhere, with helpers, without package.json or with one of CommonJS, silently',
  slow,
  async () => {
    const files = {
      'rules/a.ts': rule('one')
        .replace("name: 'one'", 'name: name()')
        .replace('import', "import { name } from './_names.ts'\nimport"),
      'rules/_names.ts':
        "import { glob } from 'streamalert/helpers'\nexport const name = (): string => (glob('o*')('one') ? 'one' : 'none')\n",
      'rules/deep/b.ts': rule('two').replace('../', '../../'),
    }
    for (const more of [{}, { 'package.json': '{"type":"commonjs"}' }] as Record<string, string>[]) {
      expect(await load({ ...files, ...more })).toEqual({
        rules: ['one', 'two'],
        problems: [],
        printed: '',
        replaced: [],
      })
    }
  },
)

test('every name that a rule uses must exist; the nearest right one is named', slow, async () => {
  const { problems } = await load({
    'rules/a.ts': rule(
      'one',
      "clusters: ['pci', 'prd'], outputs: ['file:alert'],\n  merge: { by: ['dor', 'owner.di'], window: '5m' },",
    ),
    'rules/c.ts': rule('three', "publishers: { '*': [brief], flie: brief, 'file:alerts': brief },").replace(
      'import',
      "import { brief } from '../publishers/brief.ts'\nimport",
    ),
    'publishers/brief.ts':
      "import { definePublisher } from 'streamalert'\nexport const brief = definePublisher({ name: 'brief', description: 'x', publish: (alert) => ({ title: alert.title }) })\n",
    'publishers/none.ts': 'export const x = 1\n',
    'rules/b.ts': rule('two', "threshold: { count: 2, per: ['door'], distinct: 'person', window: '5m' }"),
  })
  expect(problems).toEqual([
    expect.stringMatching(/^publishers\/none\.ts:1 MODULE_NO_DEFAULT The file exports no publisher\./),
    'rules/a.ts:5:21 CONFIG_UNKNOWN_NAME There is no cluster "prd". Did you mean "prod"?',
    'rules/a.ts:5:39 CONFIG_UNKNOWN_NAME There is no output "file:alert". Did you mean "file:alerts"?',
    'rules/a.ts:6:17 RULE_INVALID merge.by: acme:door has no field "dor". Did you mean "door"?',
    'rules/a.ts:6:24 RULE_INVALID merge.by: acme:door has no field "owner.di". Did you mean "owner.id"?',
    'rules/b.ts:5:51 RULE_INVALID threshold.distinct: acme:door has no field "person".',
    'rules/c.ts:5:9 CONFIG_UNKNOWN_NAME There is no output "flie". Did you mean "file"?',
  ])
})

test('files that cannot be used are named, and the others are used', slow, async () => {
  const { rules, problems } = await load({
    'rules/a.ts': 'export const x: number = 3\n',
    'rules/b.ts': 'export default {\n  a: (\n',
    'rules/c.ts': "import { x } from './_broken.ts'\nexport default x\n",
    'rules/_broken.ts': "\nthrow new Error('on purpose')\nexport const x = 1\n",
    'rules/d.ts': rule('NoName'),
    'rules/e.ts': rule('good'),
    'rules/f.ts': rule('good'),
    'rules/g.ts': "import { nothing } from 'streamalert'\nexport default nothing\n",
  })
  expect(rules).toEqual(['good'])
  expect(problems).toEqual([
    expect.stringMatching(/^rules\/a\.ts:1 MODULE_NO_DEFAULT The default export is not a rule/),
    expect.stringMatching(/^rules\/b\.ts:2(:\d+)? MODULE_FAILED /),
    'rules/_broken.ts:2:7 MODULE_FAILED on purpose',
    expect.stringMatching(/^rules\/d\.ts:3:\d+ RULE_INVALID name: "NoName"/),
    'rules/f.ts:4:9 RULE_DUPLICATE "good" is already declared in rules/e.ts:4. Give one of them another name.',
    expect.stringMatching(/^rules\/g\.ts:1:10 MODULE_FAILED .*'nothing'/),
  ])
})

test('schemas are checked too, and the log types that sources name', slow, async () => {
  const { problems } = await load({
    'schemas/door.ts': schema.replace('acme:door', 'acme:dor').replace('fields:', "time: 'whne', fields:"),
    'schemas/other.ts': schema.replace('acme:door', 'acme:dor'),
    'schemas/none.ts': 'export const a = 1\n',
  })
  expect(problems).toEqual([
    expect.stringMatching(/^schemas\/none\.ts:1 MODULE_NO_DEFAULT/),
    expect.stringMatching(
      /^schemas\/other\.ts:4:9 SCHEMA_DUPLICATE "acme:dor" is already declared in schemas\/door\.ts:4/,
    ),
    expect.stringMatching(/^schemas\/door\.ts:4:9 SCHEMA_INVALID acme:dor: time names "whne"/),
    expect.stringMatching(/^streamalert\.yaml:5:20 CONFIG_UNKNOWN_NAME file:a: .*"acme:door".*Did you mean "acme:dor"/),
  ])
})

test('a schema of the name of a built-in one takes its place, also in rules that import the latter', slow, async () => {
  const own = `${schema.replace('acme:door', 'cloudtrail:insight')}export { cloudtrailDigest } from 'streamalert/schemas'\n`
  const ofBuiltIn = (where: string) => `import { cloudtrailInsight } from 'streamalert/schemas'
import { defineRule } from 'streamalert'
export default defineRule({ name: 'one', description: 'x', severity: 'low', schemas: [cloudtrailInsight], where: ${where} })
`
  const files = { 'schemas/door.ts': schema, 'schemas/insight.ts': own }
  const fine = await load({ ...files, 'rules/a.ts': ofBuiltIn("{ door: 'open' }") })
  expect(fine).toMatchObject({ rules: ['one'], problems: [] })
  expect(fine.replaced).toEqual([
    { name: 'cloudtrail:insight', place: { file: 'schemas/insight.ts', line: 4, column: 9 } },
  ])
  const wrong = await load({ ...files, 'rules/a.ts': ofBuiltIn("{ eventName: 'x' }") })
  expect(wrong.problems).toEqual([expect.stringMatching(/cloudtrail:insight has no field "eventName"/)])
})

test('a schema that no file of schemas/ exports is never seen by a record', slow, async () => {
  const text = `${schema.replace('acme:door', 'acme:inline').replace('export const door', 'const inline')}
import { defineRule } from 'streamalert'
export default defineRule({ name: 'one', description: 'x', severity: 'low', schemas: [inline], match: () => true })
`
  expect((await load({ 'rules/a.ts': text })).problems).toEqual([
    expect.stringMatching(/^rules\/a\.ts:8:35 CONFIG_UNKNOWN_NAME The schema "acme:inline" is in no file of schemas/),
  ])
})
