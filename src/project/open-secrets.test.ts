import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { projectFolder } from '../testing/project-folder.ts'
import { inspectProject, loadProject } from './load.ts'
import { checkSecrets, openSecrets } from './open-secrets.ts'

const hook = (url: string) => `outputs: { webhook: { hook: { url: '${url}' } } }\n`

async function open(yaml: string, env: Record<string, string> = {}, files = {}) {
  const dir = projectFolder({ 'streamalert.yaml': yaml, ...files })
  const project = await loadProject(dir)
  const secrets = openSecrets(project, { env: { HOME: dir, ...env }, now: Date.now })
  const check = async (remote = false) =>
    (await checkSecrets(project, secrets, { remote })).map(({ code, message, hint, place }) => {
      return { code, message, hint, at: `${place.file}:${place.line}:${place.column}` }
    })
  return { dir, secrets, check }
}

test('by themselves: the environment, then the encrypted file', async () => {
  const { secrets } = await open('', { STREAMALERT_SECRET_ON_CALL: 'from-env' })
  const { editor } = secrets.providers[1]!.provider
  await editor?.set('on-call', 'from-file')
  await editor?.set('slack', 'from-file')
  expect([await secrets.get('on-call'), await secrets.get('slack')]).toEqual(['from-env', 'from-file'])
  await expect(secrets.get('other')).rejects.toMatchObject({
    code: 'SECRET_MISSING',
    hint: 'Set the environment variable STREAMALERT_SECRET_OTHER, or run: streamalert secret set other.',
  })
})

test('every name without a value is told where it stands, with the one that was meant', async () => {
  const yaml = `sources:
  file: { off: { paths: [x], enabled: false, origin: 'secret:UNUSED' } }
outputs:
  webhook:
    hook:
      url: secret:HOOK
      headers: { Authorization: 'secret:SLACK_TOKN', X-Key: 'secret:KEY' }
`
  const dir = projectFolder({ 'streamalert.yaml': yaml })
  const { project } = await inspectProject(dir)
  const env = { HOME: dir, STREAMALERT_SECRET_SLACK_TOKEN: 'x', STREAMALERT_SECRET_KEY: 'y' }
  const found = await checkSecrets(project, openSecrets(project, { env, now: Date.now }), { remote: false })
  expect(found.map(({ message, place, hint }) => [message, place, hint])).toEqual([
    [
      'There is no secret "HOOK".',
      { file: 'streamalert.yaml', line: 6, column: 12 },
      'Set the environment variable STREAMALERT_SECRET_HOOK, or run: streamalert secret set HOOK.',
    ],
    [
      'There is no secret "SLACK_TOKN".',
      { file: 'streamalert.yaml', line: 7, column: 33 },
      expect.stringMatching(/^Did you mean "SLACK_TOKEN"\? Else set the environment/),
    ],
  ])
})

test('providers on other machines are asked when told to; their own keys come from those before them', async () => {
  await using server = await startAwsServer({
    GetParameter: ({ Name }: { Name: string }) => {
      if (Name !== '/acme/HOOK') throw { type: 'ParameterNotFound' }
      return { Parameter: { Value: 'https://example.com/hook' } }
    },
  })
  const yaml = (name: string) => `secrets:
  - environment: { prefix: '' }
  - aws-ssm:
      prefix: /acme/
      region: eu-central-1
      endpoint: ${server.url}
      credentials: { accessKeyId: AKIATEST, secretAccessKey: secret:AWS_KEY }
${hook(`secret:${name}`)}`
  const there = await open(yaml('HOOK'), { AWS_KEY: 'k' })
  expect([await there.check(), server.calls.length]).toEqual([[], 0])
  expect(await there.check(true)).toEqual([])
  expect(await there.secrets.get('HOOK')).toBe('https://example.com/hook')
  const gone = await open(yaml('HOCK'), { AWS_KEY: 'k' })
  expect(await gone.check()).toEqual([])
  expect(await gone.check(true)).toMatchObject([
    {
      code: 'SECRET_MISSING',
      hint: expect.stringContaining('store it in AWS SSM as /acme/HOCK'),
      at: 'streamalert.yaml:8:36',
    },
  ])
})

test('a damaged file is one fault, at the first secret that is looked for in it', async () => {
  const yaml = `outputs: { webhook: { a: { url: 'secret:A' }, b: { url: 'secret:B' } } }`
  const { dir, check } = await open(yaml)
  mkdirSync(join(dir, '.streamalert'))
  writeFileSync(join(dir, '.streamalert/secrets'), 'x')
  expect(await check()).toMatchObject([{ code: 'SECRET_DAMAGED', at: 'streamalert.yaml:1:33' }])
})

test.each([
  ['secrets: [{ enviroment: {} }]', 'CONFIG_UNKNOWN_NAME', 'Did you mean "environment"?'],
  ["secrets: [{ environment: { prefix: '1-' } }]", 'CONFIG_INVALID', undefined],
  ['secrets: [{ file: { pth: x } }]', 'CONFIG_UNKNOWN_NAME', 'Did you mean "path"?'],
  ['secrets: [{ file: {}, environment: {} }]', 'CONFIG_INVALID', undefined],
  ['secrets: []', 'CONFIG_INVALID', undefined],
  [hook('https://example.com/') + "health: { outputs: ['secret:not a name'] }", 'CONFIG_INVALID', undefined],
])('%s: %s', async (yaml, code, hint) => {
  const { problems } = await inspectProject(projectFolder({ 'streamalert.yaml': yaml }))
  expect(problems[0]).toMatchObject({ code, ...(hint !== undefined && { hint }) })
  expect(problems[0]?.place.line).toBeGreaterThan(0)
})
