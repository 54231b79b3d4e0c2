import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { projectFolder } from '../testing/project-folder.ts'
import { command, streamalert } from './fixture.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

test('wrong use ends with 2 and the nearest command; help ends with 0', slow, async () => {
  const cwd = projectFolder({})
  const wrong = await streamalert(['valdiate'], { cwd })
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean validate?') })
  expect(await command(['alerts', 'list', '--limit', 'x'])).toMatchObject({ code: 2, stdout: '' })
  expect(await command(['--help'])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('classify'),
  })
  expect(await command(['status', '--project', cwd])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('CONFIG_MISSING'),
  })
})

test('init makes a project that passes its tests and is valid; it never overwrites one', slow, async () => {
  const cwd = projectFolder({ 'mine/README.md': 'my own' })
  const made = await streamalert(['init', 'mine'], { cwd })
  expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('run --once --project mine') })
  expect(readFileSync(join(cwd, 'mine/README.md'), 'utf8')).toBe('my own')
  expect(existsSync(join(cwd, 'mine/.gitignore'))).toBe(true)

  const mine = join(cwd, 'mine')
  const tested = await command(['test', '--json', '--project', mine])
  expect(tested.code).toBe(0)
  expect(tested.lines.at(-1)).toEqual({ passed: 3, failed: 0 })
  expect(tested.lines[0]).toEqual({
    rule: 'root-console-login',
    name: 'root signs in',
    ok: true,
    expected: expect.objectContaining({ alerts: true }),
    actual: expect.objectContaining({ alerts: true }),
  })
  expect(await command(['--project', mine, 'validate', '--json'])).toMatchObject({ code: 0, stdout: '' })

  const again = await command(['init', mine])
  expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('PROJECT_EXISTS') })
})

test('validate reports everything at once, one problem a line', slow, async () => {
  const cwd = projectFolder({
    'streamalert.yaml': 'terminal: maybe\nworkers: { cuont: 2 }\n',
    'rules/a.ts': "import { defineRule } from 'streamalert'\nexport default defineRule({ name: 'A' })\n",
    'rules/b.test.json': '[]',
  })
  const { code, lines, stderr } = await command(['validate', '--json', '--project', cwd])
  expect(code).toBe(2)
  expect(lines.map(({ file, line, code: found }) => `${String(file)}:${String(line)} ${String(found)}`)).toEqual([
    'rules/a.ts:2 RULE_INVALID',
    'rules/a.ts:2 TYPE_ERROR',
    'rules/b.test.json:null TEST_FILE_INVALID',
    'streamalert.yaml:1 CONFIG_INVALID',
    'streamalert.yaml:2 CONFIG_UNKNOWN_NAME',
  ])
  expect(lines.at(-1)).toMatchObject({ column: 12, hint: 'Did you mean "count"?' })
  expect(stderr).toContain('5 problems found')
})

test('a failing test is shown with what was expected and what was found', slow, async () => {
  const cwd = projectFolder({})
  await command(['init', cwd])
  const file = join(cwd, 'rules/root-console-login.test.json')
  const cases = (JSON.parse(readFileSync(file, 'utf8')) as object[]).map((one) => ({ ...one, alerts: true }))
  writeFileSync(file, JSON.stringify(cases))
  const { code, stdout } = await command(['test', 'root', '--project', cwd])
  expect(code).toBe(1)
  expect(stdout).toMatch(/✗ root fails to sign in\n\s+alerts\s+expected true\n\s+found\s+false/)
  expect(stdout).toContain('TEST_MISSING There is no case that expects no alert.')
  expect(await command(['test', 'no-such-rule', '--project', cwd])).toMatchObject({ code: 2 })
})

const event = (name: string) => ({
  eventVersion: '1.11',
  eventTime: '2026-03-02T08:14:05Z',
  eventSource: 'iam.amazonaws.com',
  eventName: name,
  awsRegion: 'us-east-1',
  eventID: name,
  eventType: 'AwsApiCall',
  userIdentity: { type: 'Root' },
})

test(
  'classify shows each record of a file in order, without a project, compressed or from standard input',
  slow,
  async () => {
    const cwd = projectFolder({ 'a.json.gz': gzipSync(JSON.stringify({ Records: [event('A'), event('B')] })) })
    const stdin = `${JSON.stringify(event('A'))}\n{"eventVersion":"1.11","eventName":"x"}\n${JSON.stringify(event('C'))}\n`
    const found = await streamalert(['classify', 'a.json.gz', '-', '--json', '--schemas', 'cloudtrail:events'], {
      cwd,
      stdin,
    })
    expect(found.code).toBe(1)
    expect(found.lines.map(({ origin, index, schema }) => [origin, index, schema])).toEqual([
      ['a.json.gz', 0, 'cloudtrail:events'],
      ['a.json.gz', 1, 'cloudtrail:events'],
      ['-', 0, 'cloudtrail:events'],
      ['-', 1, null],
      ['-', 2, 'cloudtrail:events'],
    ])
    expect(found.lines[0]).toMatchObject({ time: '2026-03-02T08:14:05.000Z', record: { eventName: 'A' } })
    expect(found.lines[3]).toMatchObject({
      reason: 'RECORD_NO_SCHEMA',
      nearest: { schema: 'cloudtrail:events', field: 'eventTime' },
    })
    expect(found.stderr).toContain('first that is of no schema: -#')

    const others = projectFolder({
      'cut.gz': gzipSync('x'.repeat(5000)).subarray(0, 30),
      'b.json': JSON.stringify(event('A')),
    })
    const [damaged, sound] = [join(others, 'cut.gz'), join(others, 'b.json')]
    const cut = await command(['classify', damaged, sound, '--json'])
    expect(cut).toMatchObject({
      code: 1,
      lines: [{ origin: damaged, schema: null, reason: 'BODY_DAMAGED' }, { origin: sound }],
    })

    const wrong = await command(['classify', 'gone.log', '--schemas', 'cloudtrial'])
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('gone.log') })
  },
)

test('classify knows the log types of the project', slow, async () => {
  const schema = `import { defineSchema } from 'streamalert'
import { keyValue } from 'streamalert/parsers'
export const door = defineSchema({
  name: 'acme:door', description: 'x', parse: keyValue(), fields: { door: 'string', tries: 'integer' },
})`
  const cwd = projectFolder({ 'streamalert.yaml': '', 'schemas/door.ts': schema, 'a.log': 'door=vault tries=3\n' })
  const args = ['classify', join(cwd, 'a.log'), '--json', '--schemas', 'acme', '--project', cwd]
  const { code, lines } = await command(args)
  expect({ code, lines }).toMatchObject({
    code: 0,
    lines: [{ schema: 'acme:door', record: { door: 'vault', tries: 3 } }],
  })
})

test('run --once ends with 1 when a verdict failed', slow, async () => {
  const rule = `import { defineRule } from 'streamalert'
import { door } from '../schemas/door.ts'
export default defineRule({
  name: 'boom', description: 'x', severity: 'low', schemas: [door], match: () => { throw new Error('boom') },
})`
  const schema = `import { defineSchema } from 'streamalert'
import { keyValue } from 'streamalert/parsers'
export const door = defineSchema({ name: 'acme:door', description: 'x', parse: keyValue(), fields: { door: 'string' } })`
  const cwd = projectFolder({
    'streamalert.yaml': `sources: { file: { a: { paths: [a.log], schemas: [acme] } } }\nworkers: { count: 1 }`,
    'schemas/door.ts': schema,
    'rules/boom.ts': rule,
    'a.log': 'door=vault\n',
  })
  const { code, stdout } = await streamalert(['run', '--once'], { cwd })
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('boom: boom') })
})
