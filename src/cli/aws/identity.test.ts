import { expect, test } from 'vitest'
import { startAwsServer } from '../../testing/aws-json-server.ts'
import { callerIdentity, signedHeaders } from './identity.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

// From the test suite that AWS published for Signature Version 4: get-vanilla, get-vanilla-query-order-key-case.
test.each([
  ['/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['/?Param1=value1&Param2=value2', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
])('%s is signed as AWS does', (path, signature) => {
  const at = { service: 'service', region: 'us-east-1', now: Date.UTC(2015, 7, 30, 12, 36) }
  expect(signedHeaders(new URL(path, 'https://example.amazonaws.com'), keys, at)).toEqual({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  })
})

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
