import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { command, streamalert } from '../fixture.ts'

const rule = `import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'
import { isRoot } from './_shared.ts'

export default defineRule({
  name: 'root-login', description: 'x', severity: 'high', schemas: [sshd], matchers: [isRoot],
  where: { event: { oneOf: ['login', 'login_failed'] } },
  match: (record) => record.client_ip === '203.0.113.7',
})
`
const shared = `export const isRoot = ({ user }: { user?: string | null }): boolean => user === 'root'\n`
const dir = projectFolder({
  'streamalert.yaml': 'clusters: { prod: {} }',
  'rules/root.ts': rule,
  'rules/_shared.ts': shared,
})
const line = (user: string) =>
  `Mar  2 10:00:00 web-1 sshd[811]: Failed password for ${user} from 203.0.113.7 port 55122 ssh2`

function explain(text: string, ...options: string[]) {
  const file = join(dir, 'records')
  writeFileSync(file, text)
  return command(['explain', 'root-login', file, '--project', dir, ...options])
}

test('raw text is classified first; functions are said with their places', async () => {
  const stdin = `${line('root')}\n${line('ada')}\n`
  const found = await streamalert(['explain', 'root-login', '-'], { cwd: dir, stdin })
  expect(found.stdout.split('\n')).toEqual([
    'record 1: root-login matches',
    expect.stringMatching(/✓ schema sshd/),
    '  ✓ where',
    '      ✓ event oneOf ["login","login_failed"]; found "login_failed"',
    '  ✓ matcher isRoot (rules/_shared.ts:1:23): true',
    expect.stringMatching(/ {2}✓ match \(rules\/root\.ts:8:\d+\): true/),
    '    alert: high: root-login',
    'record 2: root-login does not match',
    expect.stringMatching(/✓ schema sshd/),
    '  ✓ where',
    '      ✓ event oneOf ["login","login_failed"]; found "login_failed"',
    '  ✗ matcher isRoot (rules/_shared.ts:1:23): false',
    expect.stringMatching(/ {2}· match \(rules\/root\.ts:8:\d+\): not tried/),
    '',
  ])
  expect(found.code).toBe(0)
})

test('a record of a stated log type, as data for machines', async () => {
  const file = join(dir, 'raw')
  writeFileSync(file, `${line('ada')}\n`)
  const [record] = (await command(['classify', file, '--json'])).lines
  const found = await explain(JSON.stringify(record!['record']), '--schema', String(record!['schema']), '--json')
  expect(found.code).toBe(1)
  expect(found.lines).toMatchObject([{ rule: 'root-login', matches: false, schema: 'sshd' }])
})

test('text that no log type takes reaches no rule', async () => {
  const found = await explain('nothing that is known\n')
  expect(found.code).toBe(1)
  expect(found.stdout).toMatch(/root-login does not match\n {2}✗ schema sshd: .+/)
})

test('a rule that does not exist is named with the nearest one', async () => {
  const unknown = await command(['explain', 'rot-login', join(dir, 'rules/root.ts'), '--project', dir])
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean "root-login"?') as string })
})
