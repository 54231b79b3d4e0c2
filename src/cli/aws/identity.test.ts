import { expect, test } from 'vitest'
import { startAwsServer } from '../../testing/aws-json-server.ts'
import { callerIdentity } from './identity.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

test('keys that are not good, and a service that is not there, are told without the keys', async () => {
  const question = 'GET /?Action=GetCallerIdentity&Version=2011-06-15'
  await using server = await startAwsServer({
    [question]: () => ({ Error: { Message: 'The security token included in the request is expired' } }),
  })
  await expect(callerIdentity(keys, 'eu-central-1', server.url)).rejects.toMatchObject({
    code: 'AWS_FAILED',
    message: expect.stringContaining('token included in the request is expired'),
  })
  await expect(callerIdentity(keys, 'eu-central-1', 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'AWS_FAILED' })
})
