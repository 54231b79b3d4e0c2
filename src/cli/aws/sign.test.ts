import { expect, test } from 'vitest'
import { queryText, signedHeaders } from './sign.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

// From the test suite that AWS published for Signature Version 4: get-vanilla, get-vanilla-query-order-key-case.
test.each([
  ['/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['/?Param1=value1&Param2=value2', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
])('%s is signed as AWS does', async (path, signature) => {
  const at = { service: 'service', region: 'us-east-1', now: Date.UTC(2015, 7, 30, 12, 36) }
  const url = new URL(path, 'https://example.amazonaws.com')
  expect(await signedHeaders({ method: 'GET', url }, keys, at)).toEqual({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  })
})

test('queries are encoded as they are signed', () => {
  expect(queryText({ rule: "a b*c!'()~", since: '2026-03-01T10:00:00+01:00' })).toBe(
    'rule=a%20b%2Ac%21%27%28%29~&since=2026-03-01T10%3A00%3A00%2B01%3A00',
  )
})
