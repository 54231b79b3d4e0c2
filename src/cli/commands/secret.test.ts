import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { inProcess } from '../fixture.ts'
import { createProgram } from '../program.ts'
import { listSecrets } from './secret-list.ts'
import { removeSecret, rotateSecrets, setSecret } from './secret.ts'

const marker = 'xoxb-marker-of-a-secret'
const yaml = `outputs:
  webhook: { hook: { url: secret:on-call, headers: { Authorization: secret:TOKEN, X: secret:GONE } } }
`

test('set, list, rotate, remove: values are shown nowhere', async () => {
  const dir = projectFolder({ 'streamalert.yaml': yaml })
  const env = { STREAMALERT_SECRET_ON_CALL: `${marker}-env`, MY_TOKEN: `${marker}-3` }
  const stored = () => readFileSync(join(dir, '.streamalert/secrets'), 'utf8')
  let said = ''
  const run = async (
    command: (io: ReturnType<typeof inProcess>) => Promise<number>,
    options: Parameters<typeof inProcess>[1] = {},
  ) => {
    const io = inProcess(dir, { env, json: true, ...options })
    const code = await command(io)
    said += io.said.stdout + io.said.stderr + (existsSync(join(dir, '.streamalert/secrets')) ? stored() : '')
    return { code, lines: io.lines(), stderr: io.said.stderr }
  }

  expect(await run(({ cli, input }) => setSecret(cli, 'TOKEN', {}, input), { stdin: marker })).toMatchObject({
    code: 0,
    lines: [{ name: 'TOKEN', provider: 'file', replaced: false }],
  })
  const secret = async () => `${marker}-2`
  const nobody = { text: secret, secret, choice: secret, confirm: async () => true }
  expect(await run(({ cli, input }) => setSecret(cli, 'TOKEN', {}, input), { ask: nobody })).toMatchObject({
    lines: [{ name: 'TOKEN', replaced: true }],
  })
  const hidden = await run(({ cli, input }) => setSecret(cli, 'on-call', { fromEnv: 'MY_TOKEN' }, input))
  expect(hidden.stderr).toContain('the provider "environment" has "on-call", too, and is asked first')

  const listed = await run(({ cli, input }) => listSecrets(cli, input))
  const setAt = expect.stringMatching(/^20\d\d-.*Z$/) as unknown
  expect(listed.lines).toEqual([
    { name: 'GONE', provider: null, setAt: null, usedBy: ['outputs.webhook.hook.headers.X'] },
    { name: 'TOKEN', provider: 'file', setAt, usedBy: ['outputs.webhook.hook.headers.Authorization'] },
    { name: 'on-call', provider: 'environment', setAt: null, usedBy: ['outputs.webhook.hook.url'] },
    { name: 'on-call', provider: 'file', setAt, usedBy: [] },
  ])
  const shown = inProcess(dir, { env })
  await listSecrets(shown.cli, shown.input)
  expect(shown.said.stdout).toMatch(/GONE +missing +outputs\.webhook\.hook\.headers\.X\n/)
  expect(shown.said.stdout).toMatch(/TOKEN +file +(\d+ ms|\d\.\d s) +outputs/)

  const before = stored()
  const rotated = await run(({ cli, input }) => rotateSecrets(cli, input))
  expect(rotated.lines).toEqual([{ provider: 'file', secrets: 2, key: join(dir, '.config/streamalert/secrets.keys') }])
  expect(stored()).not.toBe(before)

  const removed = await run(({ cli, input }) => removeSecret(cli, 'TOKEN', input))
  expect(removed).toMatchObject({ lines: [{ name: 'TOKEN', provider: 'file', removed: true }] })
  expect(removed.stderr).toContain('still names it: outputs.webhook.hook.headers.Authorization')
  const again = inProcess(dir)
  await expect(removeSecret(again.cli, 'TOKEN', again.input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(said).not.toContain('xoxb')
})

test.each([
  ['a name that is none', 'my token', {}, { stdin: 'x' }, 'USAGE'],
  ['an empty value', 'A', {}, { stdin: '' }, 'USAGE'],
  ['a variable that is not set', 'A', { fromEnv: 'NOT_SET' }, {}, 'USAGE'],
])('%s is refused', async (_, name, options, given, code) => {
  const { cli, input } = inProcess(projectFolder({ 'streamalert.yaml': '' }), given)
  await expect(setSecret(cli, name, options, input)).rejects.toMatchObject({ code })
})

test('a value on the command line is refused without being repeated', async () => {
  const program = createProgram('', () => {})
  const thrown: unknown = await program
    .parseAsync(['secret', 'set', 'A', marker], { from: 'user' })
    .catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'USAGE', message: expect.not.stringContaining(marker) })
})

test('where only the environment is asked, nothing can be set', async () => {
  const dir = projectFolder({ 'streamalert.yaml': 'secrets: [{ environment: {} }]' })
  const { cli, input } = inProcess(dir, { stdin: 'x' })
  await expect(setSecret(cli, 'A', {}, input)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('file: {}'),
  })
})
