import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { createSecretHost } from '../../testing/secret-host.ts'
import type { SecretDocument } from './document.ts'
import file from './index.ts'
import { newKeyText } from './keys.ts'

const marker = 'xoxb-marker-of-a-secret'
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

function setUp({ config = {}, env = {} }: { config?: object; env?: Record<string, string> } = {}) {
  const dir = projectFolder({})
  const home = join(dir, 'home')
  const open = (more: Record<string, string> = env) =>
    file.create(file.config.parse(config), createSecretHost(dir, { env: { HOME: home, ...more } }))
  const path = join(dir, '.streamalert/secrets')
  const keyFile = join(home, '.config/streamalert/secrets.keys')
  const read = () => JSON.parse(readFileSync(path, 'utf8')) as SecretDocument
  const write = (document: unknown) => writeFileSync(path, JSON.stringify(document))
  return { dir, path, keyFile, open, read, write, ...open() }
}

test('values are kept encrypted, for the owner alone; names and ages need no key', async () => {
  const { dir, path, keyFile, get, local, editor, open } = setUp()
  expect(await get('slack')).toBeUndefined()
  await editor?.set('slack', marker)
  await editor?.set('hook', `${marker} ✓ äß`)
  await editor?.set('slack', `${marker}-2`)
  expect([await get('slack'), await get('hook'), await get('other')]).toEqual([
    `${marker}-2`,
    `${marker} ✓ äß`,
    undefined,
  ])
  expect([modeOf(path), modeOf(keyFile), modeOf(join(dir, '.streamalert'))]).toEqual(['600', '600', '700'])
  expect(readFileSync(path, 'utf8')).not.toMatch(new RegExp(`${marker}|${Buffer.from(marker).toString('base64')}`))
  expect(readdirSync(join(dir, '.streamalert'))).toEqual(['secrets'])

  writeFileSync(keyFile, '')
  const expected = ['hook', 'slack'].map((name) => ({ name, setAt: 1_770_112_932_000 }))
  expect(await open().local?.list()).toEqual(expected)
  expect(await local?.has('slack')).toBe(true)
  expect([await editor?.remove('slack'), await editor?.remove('slack')]).toEqual([true, false])
  expect(await local?.list()).toEqual([{ name: 'hook', setAt: 1_770_112_932_000 }])
})

test('many at once: none is lost', async () => {
  const { editor, local, get } = setUp()
  await Promise.all(Array.from({ length: 20 }, async (_, n) => editor?.set(`n${n}`, `value ${n}`)))
  expect(await local?.list()).toHaveLength(20)
  expect(await get('n7')).toBe('value 7')
})

test('a key that is missing, wrong, cut off or open to others: SECRET_KEY with the file and what to do', async () => {
  const { keyFile, path, editor, open } = setUp()
  await editor?.set('slack', marker)
  const key = readFileSync(keyFile, 'utf8')
  const failure = (env = {}) =>
    open(env)
      .get('slack')
      .then(String, (error: unknown) => error)

  chmodSync(keyFile, 0o640)
  expect(await failure()).toMatchObject({
    code: 'SECRET_KEY',
    message: expect.stringContaining('(mode 640)'),
    hint: expect.stringContaining(`chmod 600 ${keyFile}`),
  })
  chmodSync(keyFile, 0o600)
  expect(await failure()).toBe(marker)

  writeFileSync(keyFile, `${newKeyText()}\n`)
  const wrong = { code: 'SECRET_KEY', message: `The key in ${keyFile} is not the one that encrypted ${path}.` }
  expect(await failure()).toMatchObject({ ...wrong, place: { file: path }, hint: expect.stringContaining('remove') })
  expect(await failure({ STREAMALERT_SECRETS_KEY: newKeyText() })).toMatchObject({ code: 'SECRET_KEY' })
  expect(await failure({ STREAMALERT_SECRETS_KEY: 'a passphrase of length' })).toMatchObject({
    code: 'SECRET_KEY',
    message: expect.stringContaining('holds a passphrase'),
  })
  expect(await failure({ STREAMALERT_SECRETS_KEY: newKeyText().slice(0, 40) })).toMatchObject({
    message: 'The key in STREAMALERT_SECRETS_KEY is not whole.',
  })
  // Nothing is ever written under another key than the file's.
  await expect(editor?.set('hook', marker)).rejects.toMatchObject({ code: 'SECRET_KEY' })

  writeFileSync(keyFile, '')
  expect(await failure()).toMatchObject({ code: 'SECRET_KEY', message: expect.stringContaining('There is no key') })
  expect(await failure({ STREAMALERT_SECRETS_KEY: key.split('\n')[1]! })).toBe(marker)
})

test('whatever is changed is noticed', async () => {
  const { path, editor, get, read, write } = setUp()
  await editor?.set('a', `${marker}-a`)
  await editor?.set('b', `${marker}-b`)
  const whole = read()
  const [a, b] = whole.secrets as [SecretDocument['secrets'][number], SecretDocument['secrets'][number]]
  const flipped = Buffer.from(a.sealed, 'base64')
  flipped[3]! ^= 1
  const changes: [string, unknown][] = [
    ['another name', { ...whole, secrets: [{ ...b, name: 'a' }, b] }],
    ['another age', { ...whole, secrets: [{ ...a, set: '2030-01-01T00:00:00.000Z' }, b] }],
    ['another nonce', { ...whole, secrets: [{ ...a, nonce: b.nonce }, b] }],
    ['a flipped bit', { ...whole, secrets: [{ ...a, sealed: flipped.toString('base64') }, b] }],
    ['a cut value', { ...whole, secrets: [{ ...a, sealed: a.sealed.slice(0, 8) }, b] }],
    ['a short tag', { ...whole, secrets: [{ ...a, sealed: Buffer.from('abc').toString('base64') }, b] }],
    ['twice', { ...whole, secrets: [a, { ...b, name: 'a' }] }],
    ['another format', { ...whole, format: 'streamalert-secrets/2' }],
    ['a costly key', { ...whole, key: { ...whole.key, scrypt: { salt: '', N: 2 ** 30, r: 8, p: 1 } } }],
    ['nothing', null],
  ]
  for (const [what, document] of changes) {
    write(document)
    const error: unknown = await get('a').catch((thrown: unknown) => thrown)
    expect([what, error]).toEqual([what, expect.objectContaining({ code: 'SECRET_DAMAGED', place: { file: path } })])
    expect(JSON.stringify(error) + String(error)).not.toContain(marker)
  }
  writeFileSync(path, '{"format": "streamal')
  await expect(get('a')).rejects.toMatchObject({ code: 'SECRET_DAMAGED', hint: expect.stringContaining('backup') })
  write(whole)
  expect(await get('a')).toBe(`${marker}-a`)
})

test('rotation: a new key, the same values and ages, and the old key is gone', async () => {
  const { keyFile, editor, get, read, open } = setUp()
  await editor?.set('a', `${marker}-a`)
  await editor?.set('b', `${marker}-b`)
  const [before, keysBefore] = [read(), readFileSync(keyFile, 'utf8').split('\n')]
  expect(await editor?.rotate()).toEqual({ secrets: 2, key: keyFile })
  const after = read()
  expect(after.key.id).not.toBe(before.key.id)
  expect(after.secrets.map(({ name, set }) => [name, set])).toEqual(before.secrets.map(({ name, set }) => [name, set]))
  expect([await get('a'), await open().get('b')]).toEqual([`${marker}-a`, `${marker}-b`])
  const keys = readFileSync(keyFile, 'utf8').split('\n')
  expect(keys).toHaveLength(keysBefore.length)
  expect(keys[1]).not.toBe(keysBefore[1])
})

test('a rotation that ended in the middle lost nothing: both keys are there', async () => {
  const { keyFile, editor, get, read, write } = setUp()
  await editor?.set('a', marker)
  const [old, oldKey] = [read(), readFileSync(keyFile, 'utf8')]
  await editor?.rotate()
  writeFileSync(keyFile, readFileSync(keyFile, 'utf8') + oldKey, { mode: 0o600 })
  expect(await get('a')).toBe(marker)
  write(old)
  expect(await get('a')).toBe(marker)
})

test('a passphrase from the environment; only its owner can rotate it', async () => {
  const [passphrase, next] = ['correct horse battery', 'another horse battery']
  const env = { STREAMALERT_SECRETS_KEY: passphrase }
  const { keyFile, editor, get, open } = setUp({ env })
  await expect(open({ STREAMALERT_SECRETS_KEY: 'short' }).editor?.set('a', marker)).rejects.toMatchObject({
    code: 'SECRET_KEY',
    message: expect.stringContaining('fewer than 12'),
  })
  await editor?.set('a', marker)
  expect(existsSync(keyFile)).toBe(false)
  expect(await get('a')).toBe(marker)
  await expect(editor?.rotate()).rejects.toMatchObject({
    code: 'SECRET_KEY',
    hint: expect.stringContaining('STREAMALERT_SECRETS_NEW_KEY'),
  })
  await open({ ...env, STREAMALERT_SECRETS_NEW_KEY: next }).editor?.rotate()
  expect(await open({ STREAMALERT_SECRETS_KEY: next }).get('a')).toBe(marker)
})

test('a key file of the project: the key that lies there is taken, and made where there is none', async () => {
  const { dir, editor, get, keyFile } = setUp({ config: { keyFile: 'my.key' } })
  const key = newKeyText()
  writeFileSync(join(dir, 'my.key'), `${key}\n`, { mode: 0o600 })
  await editor?.set('a', marker)
  expect(readFileSync(join(dir, 'my.key'), 'utf8')).toBe(`${key}\n`)
  expect([await get('a'), existsSync(keyFile)]).toEqual([marker, false])
  await expect(editor?.set('a', '')).rejects.toMatchObject({ code: 'USAGE' })
  await expect(editor?.set('a', 'x'.repeat(65_537))).rejects.toMatchObject({ code: 'USAGE' })
})
