import { expect, test } from 'vitest'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { createSecretHost } from '../testing/secret-host.ts'
import awsSsm from './aws-ssm.ts'

const stored: Readonly<Record<string, string>> = {
  '/acme/streamalert/outputs/slack/security': '{"url":"https://hooks.slack.com/services/T0/B0/x"}',
  '/acme/streamalert/outputs/plain': 'text',
}

test('parameters are decrypted, also those that the Python StreamAlert stored', async () => {
  await using server = await startAwsServer({
    GetParameter: ({ Name }: { Name: string }) => {
      if (Name.endsWith('/down')) throw { type: 'InternalServerError', status: 500 }
      if (!Object.hasOwn(stored, Name)) throw { type: 'ParameterNotFound' }
      return { Parameter: { Name, Type: 'SecureString', Value: stored[Name] } }
    },
  })
  const options = {
    prefix: '/acme/streamalert/outputs/',
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' },
    cacheSeconds: 0,
  }
  const { get } = awsSsm.create(awsSsm.config.parse(options), createSecretHost('/nowhere'))
  expect(await get('slack/security#url')).toBe('https://hooks.slack.com/services/T0/B0/x')
  expect([await get('plain'), await get('plain'), await get('slack/other#url')]).toEqual(['text', 'text', undefined])
  expect(server.calls.map(({ input }) => input)[0]).toEqual({
    Name: '/acme/streamalert/outputs/slack/security',
    WithDecryption: true,
  })
  expect(server.calls).toHaveLength(4)
  await expect(get('down')).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE', retry: 'later' })
})
