import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import { startRuleTestThread } from '../testing/rule-test-thread.ts'
import { codeOf } from './code-request.ts'
import { inspectProject } from './load.ts'

const schema = `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const door = defineSchema({
  name: 'acme:door', description: 'Doors.', parse: json(), fields: { door: 'string', by: { id: 'string?' } },
  normalise: { user: 'by.id' },
})
`

const rule = (options: string) => `import { defineRule } from 'streamalert'
import { door } from '../schemas/door.ts'
export default defineRule({
  name: 'a-rule', description: 'x', severity: 'low', match: () => true,
  ${options}
})
`

/** Every problem of a project with one rule, as `file:line CODE message hint`. */
async function problemsOf(options: string, files: Record<string, string> = {}, yaml = ''): Promise<string[]> {
  const found = await inspectProject(
    projectFolder({ 'streamalert.yaml': yaml, 'schemas/door.ts': schema, 'rules/a.ts': rule(options), ...files }),
  )
  const thread = await startRuleTestThread({
    ...{ code: codeOf(found.project), now: 0, timeoutMs: 20_000 },
    onPrinted: () => {},
  })
  await thread.close()
  return [...found.problems, ...thread.problems].map(({ code, message, hint = '', place: { file, line = '' } }) =>
    `${file}:${line} ${code} ${message} ${hint}`.trim(),
  )
}

const owners = `schemas: [door], lookups: { owners: { team: 'string', floor: 'integer' } },`

test('files of lookups/ are tables, in the form that rules declare', async () => {
  expect(await problemsOf(owners, { 'lookups/owners.csv': 'door,team,floor\nvault,red,-1\n' })).toEqual([])
  expect(await problemsOf(owners, { 'lookups/owners.json': '{"vault":{"team":"red","floor":2}}' })).toEqual([])
})

test('a configured table may lie anywhere; its file is then no table of its own', async () => {
  const yaml = "lookups: { file: { owners: { path: 'lookups/doors.csv', key: door } } }"
  expect(await problemsOf(owners, { 'lookups/doors.csv': 'floor,team,door\n1,red,vault\n' }, yaml)).toEqual([])
  expect(
    await problemsOf(`schemas: [door], lookups: { doors: 'json' },`, { 'lookups/doors.csv': 'door\n' }, yaml),
  ).toEqual([
    'rules/a.ts:4 CONFIG_UNKNOWN_NAME There is no lookup table "doors". There is: owners. Tables are the files of lookups/.',
  ])
})

test('what is wrong with a table is said with its place', async () => {
  expect(await problemsOf(owners)).toEqual([
    'rules/a.ts:4 CONFIG_UNKNOWN_NAME There is no lookup table "owners". There is none. Tables are the files of lookups/.',
  ])
  expect(await problemsOf(owners, { 'lookups/owners.csv': 'door,team,floor\nvault,red,high\n' })).toEqual([
    expect.stringMatching(
      /^rules\/a\.ts:\d+ LOOKUP_INVALID lookups: in table "owners", "floor" under the key "vault": expected an integer/,
    ),
  ])
  expect(await problemsOf(owners, { 'lookups/owners.csv': 'door,team,floor\nvault,red\n' })).toEqual([
    'lookups/owners.csv:2 LOOKUP_INVALID It has 2 cells, and the first line 3.',
  ])
  const twice = { 'lookups/owners.csv': 'door,team,floor\n', 'lookups/owners.json': '{}' }
  expect(await problemsOf(owners, twice)).toEqual([
    'lookups/owners.json: LOOKUP_INVALID There is a table "owners" already, from lookups/owners.csv.',
  ])
})

test('options of a table are checked as those of every component', async () => {
  const yaml = 'lookups:\n  file:\n    owners: { path: a.txt, kee: x }\n  s4: {}\n'
  const { problems } = await inspectProject(projectFolder({ 'streamalert.yaml': yaml }))
  expect(problems.map(({ code, place }) => `${place.line} ${code}`)).toEqual([
    '3 CONFIG_INVALID',
    '3 CONFIG_UNKNOWN_NAME',
    '4 CONFIG_UNKNOWN_NAME',
  ])
})

test('what a rule says of types, required fields, matchers and dedup must exist', async () => {
  const options = `schemas: [door], types: ['usr'], requires: ['by.di'], dedup: { by: ['dor'], window: '1h' },
  matchers: [{ where: (await import('streamalert')).matcher({ 'dorr': 'x' }).where }],`
  expect(await problemsOf(options)).toEqual([
    'rules/a.ts:5 CONFIG_UNKNOWN_NAME types: no field of acme:door is said to be "usr". Did you mean "user"?',
    'rules/a.ts:5 RULE_INVALID dedup.by: acme:door has no field "dor". Did you mean "door"?',
    'rules/a.ts:5 RULE_INVALID requires: acme:door has no field "by.di". Did you mean "by.id"?',
    'rules/a.ts:6 RULE_INVALID where: acme:door has no field "dorr". Did you mean "door"?',
  ])
  expect(await problemsOf(`types: ['user'], requires: ['what.ever'],`)).toEqual([])
  expect(await problemsOf(`types: ['user_agnt'],`)).toEqual([
    expect.stringContaining('types: no field of any log type is said to be "user_agnt". Did you mean "user_agent"?'),
  ])
})
