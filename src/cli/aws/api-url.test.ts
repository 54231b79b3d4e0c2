import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Problems } from '../../core/errors.ts'
import { awsOf } from '../../project/aws/index.ts'
import { loadProject } from '../../project/load.ts'
import { startAwsServer } from '../../testing/aws-json-server.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { apiUrl } from './api-url.ts'
import { awsClients } from './clients.ts'

const keys = { accessKeyId: 'a', secretAccessKey: 'b' }
const url = 'https://abc.lambda-url.eu-west-1.on.aws/'
const projectWith = (api: string) =>
  loadProject(
    projectFolder({ 'streamalert.yaml': `clusters: { prod: }\naws: { region: eu-west-1, prefix: acme${api} }\n` }),
  )

/** Looks for the api, with a state of Terraform in S3, or without one. */
async function found(state: unknown, written?: unknown, api = '') {
  await using aws = await startAwsServer({
    'GET /?Action=GetCallerIdentity&Version=2011-06-15': () => ({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/me' },
      },
    }),
    'GET /acme-terraform-state-123456789012/streamalert.tfstate?x-id=GetObject': () => {
      if (state === undefined) throw { type: 'NoSuchBucket', status: 404 }
      return state
    },
  })
  const project = await projectWith(api)
  const folder = join(project.dir, '.streamalert', 'build')
  mkdirSync(folder, { recursive: true })
  if (written !== undefined) writeFileSync(join(folder, 'outputs.json'), JSON.stringify(written))
  return await apiUrl(project, awsOf(project), keys, (region) => awsClients(region, { endpoint: aws.url, keys }))
}

test('the address is what is configured, else what deploy wrote down, else what the state says', async () => {
  const outputs = { outputs: { api_url: { value: url, type: 'string' } } }
  expect(await found(undefined, { api_url: 'https://other' }, `, api: { url: '${url}' }`)).toBe(url)
  expect(await found(undefined, { api_url: url })).toBe(url)
  expect(await found(outputs)).toBe(url)
})

test('who has no deployment, or one without an api, hears what to do', async () => {
  const code = 'NOT_FOUND'
  await expect(found(undefined)).rejects.toMatchObject({
    code,
    message: expect.stringContaining('no state that you may read'),
  })
  await expect(found({ version: 4 })).rejects.toMatchObject({
    code,
    message: expect.stringContaining('Nothing is deployed'),
  })
  await expect(found({ outputs: {} })).rejects.toMatchObject({ code, hint: expect.stringContaining('aws.api.access') })
  await expect(found(undefined, { api_url: null })).rejects.toMatchObject({ code })
  await expect(found(undefined, { api_url: 'http://elsewhere' })).rejects.toMatchObject({ code: 'AWS_FAILED' })
})

test('faults of the section are told with their places', async () => {
  const text = `, api: { url: 'ftp://x', access: [
    { principals: [], role: boss, clusters: all },
    { principals: ['arn:aws:iam::123456789012:role/*', 'arn:aws:iam::123456789012:root', '*', 'arn:aws:iam::123456789012:role/soc'], role: viewer, clusters: [prod, pci] },
  ] }`
  const problems = await projectWith(text).catch((error: unknown) => (error as Problems).problems)
  expect((problems as Problems['problems']).map(({ message }) => message.split(' ').slice(0, 5).join(' '))).toEqual([
    'aws.api.url ("ftp://x") is not an',
    expect.stringMatching(/^aws\.api\.access\[0\]\.principals/),
    expect.stringMatching(/^aws\.api\.access\[0\]\.role/),
    expect.stringMatching(/^aws\.api\.access\[1\]\.principals\[0\]/),
    expect.stringMatching(/^aws\.api\.access\[1\]\.principals\[1\]/),
    expect.stringMatching(/^aws\.api\.access\[1\]\.principals\[2\]/),
  ])
  const unknown = await projectWith(
    text
      .replace(/url: 'ftp:\/\/x', /, '')
      .replace('role: boss', 'role: admin')
      .replace('principals: []', "principals: ['arn:aws:iam::123456789012:user/a']")
      .replace(/'arn:aws:iam::123456789012:role\/\*', 'arn:aws:iam::123456789012:root', '\*', /, ''),
  ).catch((error: unknown) => (error as Problems).problems)
  expect(unknown).toMatchObject([
    { code: 'CONFIG_UNKNOWN_NAME', message: 'There is no cluster "pci".', place: { line: 4 } },
  ])
})
