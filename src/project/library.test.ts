import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import { startRuleTestThread } from '../testing/rule-test-thread.ts'
import { codeOf } from './code-request.ts'
import { loadCode } from './code.ts'
import { libraryNames, libraryRules, rulesMeant } from './library.ts'
import { loadProject } from './load.ts'

const config = (library: string) => ({
  'streamalert.yaml': `library: ${library}\noutputs:\n  file: { all: { path: a.jsonl } }\ndefaults: { outputs: ['file:all'] }\n`,
})
const filesOf = async (library: string) =>
  (await loadProject(projectFolder(config(library)))).libraryFiles.map((file) => file.split('/').slice(-2).join('/'))

test('a project runs no rule of the library that it does not ask for', async () => {
  expect((await loadProject(projectFolder({ 'streamalert.yaml': '' }))).libraryFiles).toEqual([])
  expect(await filesOf('[]')).toEqual([])
})

test('rules are named by name, by vendor and name, or by glob, each once', async () => {
  expect(await filesOf('[public-ami]')).toEqual(['aws/public-ami.ts'])
  expect(await filesOf('[aws/public-ami, public-*]')).toEqual(['aws/public-ami.ts'])
  expect(await filesOf("['sample/*']")).toContain('sample/cloudtrail-put-object-acl-public-publisher-example.ts')
  expect(await filesOf("['*']")).toHaveLength(libraryRules().length)
})

test('a glob that means no rule is reported with its place and the nearest name', async () => {
  const loading = loadProject(
    projectFolder({ 'streamalert.yaml': "library:\n  - public-ami\n  - aws/publik-ami\n  - 'awss/*'\n" }),
  )
  await expect(loading).rejects.toMatchObject({
    problems: [
      {
        code: 'CONFIG_UNKNOWN_NAME',
        place: { file: 'streamalert.yaml', line: 3 },
        hint: expect.stringContaining('aws/public-ami'),
      },
      {
        code: 'CONFIG_UNKNOWN_NAME',
        place: { file: 'streamalert.yaml', line: 4 },
        hint: expect.stringContaining('aws/*'),
      },
    ],
  })
})

test("library rules are loaded as the project's, with its default outputs", async () => {
  const { rules, problems } = await loadCode(codeOf(await loadProject(projectFolder(config('[public-ami]')))))
  expect(problems).toEqual([])
  expect(rules.map(({ info }) => [info.name, info.outputs])).toEqual([['public-ami', ['file:all']]])
})

test("a project's rule of the same name is a duplicate, at the project's place", { timeout: 120_000 }, async () => {
  const rule = `import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'
export default defineRule({
  name: 'public-ami', description: 'x', severity: 'low', schemas: [sshd], where: { event: 'login' },
})
`
  const project = await loadProject(projectFolder({ ...config('[public-ami]'), 'rules/mine.ts': rule }))
  const thread = await startRuleTestThread({ code: codeOf(project), now: 0, timeoutMs: 20_000, onPrinted: () => {} })
  await thread.close()
  expect(thread.problems).toMatchObject([{ code: 'RULE_DUPLICATE', place: { file: 'rules/mine.ts', line: 4 } }])
})

test('names of the library', () => {
  const rules = [{ name: 'a-b', vendor: 'x', file: '/x/a-b.ts' }]
  expect(
    [rulesMeant('a-*', rules), rulesMeant('x/*', rules), rulesMeant('b', rules)].map((found) => found.length),
  ).toEqual([1, 1, 0])
  expect(libraryNames(rules)).toEqual(['x/*', 'x/a-b', 'a-b'])
})

test("tables of the library are there for its rules; a project's own stand in their place", async () => {
  const files = { ...config("['sample/*']"), 'lookups/threat-intel.json': '{"203.0.113.66": {"ioc_type": "ip"}}' }
  const { lookups } = codeOf(await loadProject(projectFolder(files)))
  expect(lookups.map(({ name }) => name).toSorted()).toEqual(['dynamo-backed-table', 'threat-intel'])
  const { tables, problems } = await loadCode(codeOf(await loadProject(projectFolder(files))))
  expect(problems).toEqual([])
  expect(tables.get('threat-intel')?.get('203.0.113.66')).toEqual({ ioc_type: 'ip' })
  expect(tables.get('dynamo-backed-table')?.get('duo_blacklisted_browsers')).toEqual([])
  expect(codeOf(await loadProject(projectFolder(config('[]')))).lookups).toEqual([])
})
