import { expect, test } from 'vitest'
import { type AwsOperation, startAwsServer } from '../testing/aws-json-server.ts'
import { createSecretHost } from '../testing/secret-host.ts'
import awsSecretsManager from './aws-secrets-manager.ts'

const stored: Readonly<Record<string, object>> = {
  'acme/slack': { SecretString: 'xoxb-1' },
  'acme/pagerduty': { SecretString: '{"key":"R0UT","n":7,"empty":""}' },
  'acme/binary': { SecretBinary: Buffer.from('bytes').toString('base64') },
}

const give: AwsOperation = ({ SecretId }: { SecretId: string }) => {
  if (SecretId === 'acme/forbidden') throw { type: 'AccessDeniedException', message: 'no' }
  if (SecretId === 'acme/busy') throw { type: 'ThrottlingException', message: 'slow down' }
  if (!Object.hasOwn(stored, SecretId)) throw { type: 'ResourceNotFoundException', message: 'none' }
  return stored[SecretId]
}

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret:AWS_KEY' }

function create(endpoint: string, now = () => 0) {
  const options = { prefix: 'acme/', region: 'eu-central-1', endpoint, credentials }
  const host = createSecretHost('/nowhere', { now, secret: async () => 'a-key-from-another-provider' })
  return awsSecretsManager.create(awsSecretsManager.config.parse(options), host)
}

test('texts, bytes and properties of JSON objects; what is not there is not there', async () => {
  await using server = await startAwsServer({ GetSecretValue: give })
  const { get, local, editor } = create(server.url)
  const names = ['slack', 'binary', 'pagerduty#key', 'pagerduty#n', 'pagerduty#empty', 'pagerduty#__proto__', 'other']
  expect(await Promise.all(names.map(get))).toEqual(['xoxb-1', 'bytes', 'R0UT', '7', undefined, undefined, undefined])
  expect(server.calls[0]?.headers['authorization']).toContain('AKIATEST')
  // One question for all properties of a secret.
  expect(server.calls.map(({ input }) => input)).toEqual(
    ['slack', 'binary', 'pagerduty', 'other'].map((name) => ({ SecretId: `acme/${name}` })),
  )
  expect([local, editor]).toEqual([undefined, undefined])
})

test('an answer is kept for a minute', async () => {
  await using server = await startAwsServer({ GetSecretValue: give })
  let now = 0
  const { get } = create(server.url, () => now)
  for (now of [0, 59_999, 60_000, 60_001]) expect(await get('slack')).toBe('xoxb-1')
  expect(server.calls).toHaveLength(2)
})

test('failures are told by kind, without values, and asked anew', async () => {
  await using server = await startAwsServer({ GetSecretValue: give })
  const { get } = create(server.url)
  await expect(get('forbidden')).rejects.toMatchObject({
    code: 'SECRET_UNAVAILABLE',
    retry: 'never',
    message: expect.stringContaining('AWS Secrets Manager does not give "acme/forbidden": AWS: AccessDenied'),
  })
  for (let n = 0; n < 2; n++)
    await expect(get('busy')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retry: 'later' })
  await expect(get('slack#token')).rejects.toMatchObject({
    code: 'SECRET_UNAVAILABLE',
    message: 'AWS Secrets Manager has no JSON object for "slack#token".',
  })
  expect(server.calls).toHaveLength(4)
})
