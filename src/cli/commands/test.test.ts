import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CodedError } from '../../core/errors.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { command } from '../fixture.ts'
import { codeChanges } from './code-changes.ts'
import { createProgressBar } from './progress-bar.ts'
import { junitReport } from './test-junit.ts'

/** Starts processes or threads: on a busy machine that takes its time. */
const slow = { timeout: 120_000 }

const rule = (name: string) => `import { defineRule } from 'streamalert'
import { osqueryDifferential } from 'streamalert/schemas'
export default defineRule({
  name: '${name}', description: 'x', severity: 'low', schemas: [osqueryDifferential],
  match: (record) => record.action === 'added',
})
`
const cases = (removed = false) => `[
  { "name": "it's <added> & \\"new\\"", "override": { "action": "added" }, "alerts": true },
  { "name": "removed", "override": { "action": "removed" }, "alerts": ${removed} }
]`
const files = {
  'streamalert.yaml': 'clusters: { prod: {} }\ndefaults: { outputs: ["terminal:screen"] }',
  'rules/one.ts': rule('one'),
  'rules/one.test.json': cases(),
  'rules/two.ts': rule('two'),
  'rules/two.test.json': cases(true),
}

test('--junit writes a report that XML readers take', slow, async () => {
  const cwd = projectFolder(files)
  const file = join(cwd, 'report.xml')
  expect(await command(['test', '--junit', file, '--project', cwd])).toMatchObject({ code: 1 })
  const report = readFileSync(file, 'utf8')
  expect(report).toContain('<testsuites name="streamalert" tests="5" failures="2">')
  expect(report).toContain(`<testcase classname="one" name="it's &lt;added&gt; &amp; &quot;new&quot;"/>`)
  expect(report).toContain('expected {&quot;alerts&quot;:true}, found {&quot;alerts&quot;:false}</failure>')
})

test('a report holds nothing that XML cannot', () => {
  const result = { rule: 'a\u0000\ud800', name: 'x\ny', ok: true, expected: { alerts: true }, actual: { alerts: true } }
  const problem = new CodedError('TEST_FILE_INVALID', 'a\u001b[31m]]>', { place: { file: 'rules/a.test.json' } })
  const report = junitReport([result], [problem])
  expect(report).toContain('<testcase classname="a\ufffd\ufffd" name="x&#10;y"/>')
  expect(report).toContain('a\ufffd[31m]]&gt;')
  expect(report.isWellFormed()).toBe(true)
})

test('--watch runs again what changed, and ends with Ctrl-C', slow, async () => {
  const cwd = projectFolder(files)
  const bin = fileURLToPath(new URL('../../../bin/streamalert.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'test', '--watch'], { cwd })
  let text = ''
  const collect = (chunk: string) => (text += chunk)
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  /** Waits for the end of a run, and answers what it printed. */
  const run = async () => {
    while (!text.includes('Waiting for changes. Ctrl-C ends.\n')) await once(child.stderr, 'data')
    const printed = text
    text = ''
    return printed
  }
  expect(await run()).toContain('3 passed, 2 failed')
  writeFileSync(join(cwd, 'rules/two.test.json'), cases())
  const second = await run()
  expect(second).toContain('rules/two.test.json changed\n')
  expect(second).toContain('2 passed, 0 failed')
  writeFileSync(join(cwd, 'streamalert.yaml'), 'clusters: maybe')
  expect(await run()).toContain('CONFIG_INVALID')
  writeFileSync(join(cwd, 'streamalert.yaml'), files['streamalert.yaml'])
  expect(await run()).toContain('4 passed, 0 failed')
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('changes of code are told, those of logs are not', slow, async () => {
  const dir = projectFolder({ 'rules/a.ts': '1', 'logs/a.log': '1', 'lookups/x.csv': 'a' })
  const stop = new AbortController()
  const changes = codeChanges(dir, stop.signal, 10)
  writeFileSync(join(dir, 'logs/a.log'), '22')
  writeFileSync(join(dir, 'lookups/x.csv'), 'aa')
  writeFileSync(join(dir, 'rules/b.test.json'), '[]')
  expect(await changes.next()).toEqual({
    done: false,
    value: [join(dir, 'lookups/x.csv'), join(dir, 'rules/b.test.json')],
  })
  stop.abort()
  expect(await changes.next()).toMatchObject({ done: true })
})

test('progress is drawn on a terminal only, and leaves nothing behind', () => {
  const drawn = (isTTY: boolean) => {
    let text = ''
    const bar = createProgressBar({ isTTY, write: (more: string) => (text += more) })
    bar.show(1, 2, 'x')
    bar.show(1, 2, 'x')
    bar.clear()
    bar.clear()
    return text
  }
  expect(drawn(false)).toBe('')
  expect(drawn(true)).toBe(`\r\u001b[2K${'█'.repeat(15)}${'░'.repeat(15)} 1/2 · x\r\u001b[2K`)
})
