import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startServer } from '../testing/http-server.ts'
import { projectFolder } from '../testing/project-folder.ts'
import { inProcess, streamalert } from './fixture.ts'
import { showAlert } from './commands/alerts.ts'
import { setSecret } from './commands/secret.ts'
import { status } from './commands/status.ts'

const inFile = 'marker-in-the-file'
const inVariable = 'marker-in-a-variable'

const schema = `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({
  name: 'app:events', description: 'Events.', parse: json(), time: 'at', fields: { at: 'timestamp' },
})`

/** A rule that tells all it can find where it runs. */
const rule = `import { workerData } from 'node:worker_threads'
import { inspect } from 'node:util'
import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'
export default defineRule({
  name: 'spy', description: 'x', severity: 'low', schemas: [app], outputs: ['webhook:hook'],
  match: () => true,
  context: () => ({
    environment: JSON.stringify(process.env), worker: inspect(workerData, { depth: 20, maxStringLength: null }), argv: process.argv.join(' '),
  }),
})`

test('secrets reach the far end, and are nowhere else: workers, logs, errors, state, status', {
  timeout: 120_000,
}, async () => {
  await using server = await startServer([{ status: 400, body: `what is ${inVariable} at /${inFile}?` }])
  const dir = projectFolder({
    'streamalert.yaml': `sources: { file: { app: { paths: ['logs/*'], schemas: ['app:events'] } } }
outputs: { webhook: { hook: { url: 'secret:HOOK', headers: { Authorization: 'secret:AUTH' } } } }
`,
    'schemas/app.ts': schema,
    'rules/spy.ts': rule,
    'logs/a.json': '{"at":"2026-03-01T10:00:00Z"}\n',
  })
  const set = inProcess(dir, { stdin: `${server.url}/${inFile}` })
  await setSecret(set.cli, 'HOOK', {}, set.input)

  const env = { HOME: dir, XDG_CONFIG_HOME: '', STREAMALERT_SECRET_AUTH: inVariable }
  const ran = await streamalert(['run', '--once', '--json'], { cwd: dir, env })
  expect(server.requests).toMatchObject([{ path: `/${inFile}`, headers: { authorization: inVariable } }])
  const [alert] = ran.lines as [{ id: string; rule: string; context: Record<string, string> }]
  expect(alert).toMatchObject({ rule: 'spy', context: { environment: '{}' } })
  expect(alert.context['worker']).toContain('ruleFiles')

  const { cli, said } = inProcess(dir, { json: true })
  await status(cli)
  await showAlert(cli, alert.id)
  expect(said.stdout).toContain('what is ••• at •••?')
  const files = globSync('.streamalert/**/*', { cwd: dir, withFileTypes: true }).filter((file) => file.isFile())
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['secrets', 'state.db']))
  const kept = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
  for (const text of [ran.stdout, ran.stderr, said.stdout, said.stderr, ...kept]) {
    expect(text).not.toContain(inFile)
    expect(text).not.toContain(inVariable)
  }
})
