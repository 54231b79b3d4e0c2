import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadProject, stateFile } from '../../project/load.ts'
import { openSecrets } from '../../project/open-secrets.ts'
import { openSqliteStore } from '../../stores/index.ts'
import { startServer } from '../../testing/http-server.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { sampleAlert } from '../../testing/sample-alert.ts'
import { inProcess } from '../fixture.ts'
import type { Asker } from '../input.ts'
import { addOutput } from './output-add.ts'
import { listOutputs } from './output-list.ts'
import { testOutput } from './output-test.ts'

const marker = 'marker-of-a-secret'
const yaml = `# Mine
outputs:
  file:
    all: { path: a.jsonl }   # everything

# the end
terminal: false
`
const yamlOf = (dir: string) => readFileSync(join(dir, 'streamalert.yaml'), 'utf8')

/** A person who answers each question by the first word of it, notes what was asked, and whose answers are checked. */
function person(answers: Readonly<Record<string, string | boolean>>) {
  const asked: string[] = []
  const answer = (message: string): string | boolean | undefined => {
    asked.push(message)
    return Object.entries(answers).find(([begin]) => message.startsWith(begin))?.[1]
  }
  const typed: Asker['text'] = async ({ message, preset = '', check }) => {
    const text = String(answer(message) ?? preset)
    const fault = check?.(text)
    if (fault !== undefined) throw new Error(`${message}: ${fault}`)
    return text
  }
  const ask: Asker = {
    text: typed,
    secret: typed,
    choice: async (message, choices, preset) => String(answer(message) ?? preset ?? choices[0]),
    confirm: async (message, preset) => Boolean(answer(message) ?? preset),
  }
  return { ask, asked }
}

test('add: from the command line; the secret goes to its provider, its name into the file', async () => {
  const dir = projectFolder({ 'streamalert.yaml': yaml })
  const io = inProcess(dir, { json: true, env: { HOOK: `https://example.com/${marker}`, AUTH: marker } })
  const given = { secretFromEnv: ['url=HOOK', 'headers.Authorization=AUTH'], set: ['headers.X-Team=secret:TEAM'] }
  expect(await addOutput(io.cli, 'webhook', 'on-call', given, io.input)).toBe(0)
  expect(yamlOf(dir)).toBe(
    yaml.replace(
      '# everything\n',
      `# everything
  webhook:
    on-call:
      headers:
        X-Team: secret:TEAM
        Authorization: secret:WEBHOOK_ON_CALL_HEADERS_AUTHORIZATION
      url: secret:WEBHOOK_ON_CALL_URL
`,
    ),
  )
  expect(io.lines()).toMatchObject([
    { output: 'webhook:on-call', secrets: ['WEBHOOK_ON_CALL_URL', 'WEBHOOK_ON_CALL_HEADERS_AUTHORIZATION'] },
  ])
  expect(io.said.stderr).toMatch(/streamalert\.yaml:\d+:\d+: SECRET_MISSING There is no secret "TEAM"/)
  expect(JSON.stringify(io.said)).not.toContain(marker)
  const { get } = openSecrets(await loadProject(dir), { env: { HOME: dir }, now: Date.now })
  expect(await get('WEBHOOK_ON_CALL_URL')).toBe(`https://example.com/${marker}`)
})

test('add: a person is asked for what is needed, and may send a test', async () => {
  await using server = await startServer([{ status: 200 }])
  const dir = projectFolder({ 'streamalert.yaml': 'outputs: {}\n' })
  const { ask, asked } = person({ 'url:': `${server.url}/${marker}`, Set: true, 'signature:': marker })
  const io = inProcess(dir, { ask })
  expect(await addOutput(io.cli, 'webhook', undefined, {}, io.input)).toBe(0)
  const questions = asked.map((message) => message.split(/[:?]/)[0])
  expect(questions.slice(0, 3)).toEqual(['Name of the output webhook', 'url', 'Set further options'])
  expect(questions).toContain('signature')
  expect(questions.at(-1)).toBe('Send a test alert to it now')
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatchObject({
    path: `/${marker}`,
    headers: { 'x-streamalert-signature': expect.anything() },
  })
  expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ title: '[TEST] StreamAlert can reach webhook:main' })
  expect(io.said.stdout).toMatch(/webhook:main took the test alert in /)
  expect(JSON.stringify(io.said) + yamlOf(dir)).not.toContain(marker)
  expect(existsSync(join(dir, '.streamalert/state.db'))).toBe(false)
})

test('add: where several ways are enough, a person is asked for all', async () => {
  const dir = projectFolder({ 'streamalert.yaml': '' })
  const { ask, asked } = person({ 'token:': marker, 'channel:': 'C0123456789', Send: false })
  const io = inProcess(dir, { ask })
  expect(await addOutput(io.cli, 'slack', 'sec', {}, io.input)).toBe(0)
  expect(asked.map((message) => message.split(':')[0])).toEqual([
    'url',
    'token',
    'channel',
    'Send a test alert to it now?',
  ])
  expect(yamlOf(dir)).toBe(
    'outputs:\n  slack:\n    sec:\n      token: secret:SLACK_SEC_TOKEN\n      channel: C0123456789\n',
  )
})

test('add: a secret on the command line is stored as one, with a warning', async () => {
  const dir = projectFolder({ 'streamalert.yaml': '' })
  const io = inProcess(dir)
  expect(await addOutput(io.cli, 'pagerduty-v2', undefined, { set: [`routingKey=${marker}`] }, io.input)).toBe(0)
  expect(yamlOf(dir)).toContain('main:\n      routingKey: secret:PAGERDUTY_V2_MAIN_ROUTING_KEY\n')
  expect(io.said.stderr).toMatch(/command line/)
  expect(JSON.stringify(io.said)).not.toContain(marker)
})

test.each([
  ['what is missing', 'webhook', 'x', {}, 'CONFIG_INVALID', /^url is missing/],
  ['a value of the wrong form', 'webhook', 'x', { set: [`url=${marker}`] }, 'CONFIG_INVALID', /^url is not an http/],
  ['an unknown option', 'webhook', 'x', { set: ['ulr=x'] }, 'CONFIG_UNKNOWN_NAME', /no option "ulr"/],
  ['an unknown kind', 'webhok', 'x', {}, 'CONFIG_UNKNOWN_NAME', /no kind of output "webhok"/],
  ['a name that is taken', 'file', 'all', { set: ['path=b'] }, 'USAGE', /already/],
  ['a name that is none', 'file', 'a b', { set: ['path=b'] }, 'USAGE', /is not a name/],
  ['a value without a key', 'file', 'b', { set: [marker] }, 'USAGE', /--set key=value/],
  ['a secret from nowhere', 'webhook', 'x', { secretFromStdin: 'url' }, 'USAGE', /no value for url/],
])('add: %s is refused, and nothing is written', async (_, kind, name, given, code, message) => {
  const dir = projectFolder({ 'streamalert.yaml': yaml })
  const { cli, input } = inProcess(dir)
  const thrown: unknown = await addOutput(cli, kind, name, given, input).catch((error: unknown) => error)
  const problem = (thrown as { problems?: unknown[] }).problems?.[0] ?? thrown
  expect(problem).toMatchObject({ code, message: expect.stringMatching(message) })
  expect((problem as Error).message).not.toContain(marker)
  expect([yamlOf(dir), existsSync(join(dir, '.streamalert'))]).toEqual([yaml, false])
})

test('test: what the far end answers, with the exit code of its kind, and without secrets', async () => {
  const answers = [{ status: 404, body: `no ${marker}` }, { status: 503 }, { status: 422, body: marker }]
  await using server = await startServer(answers)
  const dir = projectFolder({
    'streamalert.yaml': `outputs: { webhook: { hook: { url: '${server.url}', headers: { A: 'secret:A' } } } }`,
  })
  const run = async (name: string, secret?: string) => {
    const io = inProcess(dir, { json: true, ...(secret && { env: { STREAMALERT_SECRET_A: secret } }) })
    const code = await testOutput(io.cli, name, io.input)
    expect(JSON.stringify(io.said)).not.toContain(marker)
    return [code, (io.lines()[0]?.['error'] as { code: string } | undefined)?.code]
  }
  expect(await run('webhook:hook', marker)).toEqual([2, 'OUTPUT_MISCONFIGURED'])
  expect(await run('hook', marker)).toEqual([1, 'OUTPUT_UNAVAILABLE'])
  expect(await run('hook', marker)).toEqual([1, 'OUTPUT_REJECTED'])
  expect(await run('hook')).toEqual([2, 'SECRET_MISSING'])
  expect(server.requests).toHaveLength(3)
  await expect(run('hok', marker)).rejects.toMatchObject({ hint: 'Did you mean "webhook:hook"?' })
  expect(await run('screen')).toEqual([0, undefined])
})

test('list: each output with what became of its alerts', async () => {
  const dir = projectFolder({ 'streamalert.yaml': `${yaml}health: {}\n` })
  const empty = inProcess(dir, { json: true })
  await listOutputs(empty.cli)
  expect(empty.lines()).toMatchObject([{ name: 'file:all', kind: 'file', sent: 0, waiting: 0, dead: 0, error: null }])

  const store = openSqliteStore(stateFile(await loadProject(dir)), {})
  const hit = { id: 'h1', rule: 'r', mode: 'live', severity: 'low', title: 't', description: 'd', context: {} } as const
  const hits = [{ ...hit, outputs: ['file:all'], record: sampleAlert.record }]
  const result = { hits, quarantine: [], counts: [], bytes: 0, records: 1 }
  const { alerts } = await store.commit({ results: [result], state: [], now: 1 })
  const id = alerts[0]!.id
  await store.claim({ output: 'file:all', now: 2, limit: 1, leaseMs: 10 })
  await store.settle([{ alert: id, output: 'file:all', state: 'dead', error: 'disk is full' }], 3)
  await store.close()
  const full = inProcess(dir, { json: true })
  await listOutputs(full.cli)
  expect(full.lines()).toMatchObject([{ name: 'file:all', sent: 0, waiting: 0, dead: 1, error: 'disk is full' }])
})
