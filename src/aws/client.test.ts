import { Firehose } from '@aws-sdk/client-firehose'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { startAwsServer } from '../testing/aws-json-server.ts'
import { startServer } from '../testing/http-server.ts'
import { clientSettings, regionIn } from './client.ts'
import { awsOptions } from './options.ts'

const shape = z.strictObject(awsOptions)
const record = { DeliveryStreamName: 'alerts', Record: { Data: Buffer.from('x') } }
const credentials = { accessKeyId: 'secret:ID', secretAccessKey: 'secret:KEY' }

/** The key id that a request was signed with. */
const signerOf = (authorization: string | undefined) => /Credential=([^/]+)/.exec(authorization ?? '')?.[1]

test('a client signs with the keys that stand behind the names now, and tries once', async () => {
  await using server = await startAwsServer({
    PutRecord: () => {
      throw { type: 'ServiceUnavailableException', status: 503 }
    },
  })
  const values: Record<string, string> = { 'secret:ID': 'AKIAONE', 'secret:KEY': 'k1' }
  const options = shape.parse({ region: 'eu-west-1', endpoint: server.url, credentials })
  const firehose = new Firehose(await clientSettings(options, { reveal: async (name) => values[name] ?? '' }))
  await expect(firehose.putRecord(record)).rejects.toMatchObject({ name: 'ServiceUnavailableException' })
  values['secret:ID'] = 'AKIATWO'
  await expect(firehose.putRecord(record)).rejects.toMatchObject({ name: 'ServiceUnavailableException' })
  firehose.destroy()
  expect(server.calls.map(({ headers }) => signerOf(headers.authorization))).toEqual(['AKIAONE', 'AKIATWO'])
  expect(server.calls[0]?.headers.authorization).toContain('/eu-west-1/firehose/')
})

test('a role is taken on with those keys, and its own are used', async () => {
  const keys = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
    <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t0k3n</SessionToken>
    <Expiration>2126-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
  await using sts = await startServer([{ status: 200, headers: { 'content-type': 'text/xml' }, body: keys }])
  await using server = await startAwsServer({ PutRecord: () => ({ RecordId: '1' }) })
  const options = shape.parse({
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIAOWN', secretAccessKey: 'k' },
    assumeRole: { arn: 'arn:aws:iam::123456789012:role/alerts', externalId: 'e x', endpoint: sts.url },
  })
  const firehose = new Firehose(await clientSettings(options, { reveal: async (value) => value }))
  await firehose.putRecord(record)
  await firehose.putRecord(record)
  firehose.destroy()
  expect(sts.requests).toHaveLength(1)
  expect(signerOf(sts.requests[0]?.headers.authorization)).toBe('AKIAOWN')
  expect(Object.fromEntries(new URLSearchParams(sts.requests[0]?.body))).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: 'arn:aws:iam::123456789012:role/alerts',
    RoleSessionName: 'streamalert',
    ExternalId: 'e x',
  })
  expect(server.calls.map(({ headers }) => signerOf(headers.authorization))).toEqual(['ASIAROLE', 'ASIAROLE'])
  expect(server.calls[0]?.headers['x-amz-security-token']).toBe('t0k3n')
})

test('a service that says nothing is left after a while', async () => {
  await using server = await startServer(['hang'])
  const options = shape.parse({
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const firehose = new Firehose(await clientSettings(options, { reveal: async (value) => value, timeoutMs: 100 }))
  await expect(firehose.putRecord(record)).rejects.toMatchObject({ name: 'TimeoutError' })
  firehose.destroy()
})

test.each([
  ['arn:aws:sns:eu-west-1:123456789012:alerts', 'eu-west-1'],
  ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:live', 'us-gov-west-1'],
  ['https://sqs.ap-southeast-2.amazonaws.com/123456789012/alerts.fifo', 'ap-southeast-2'],
  ['arn:aws:s3:::bucket', undefined],
  ['alerts', undefined],
])('the region in %s is %s', (resource, region) => {
  expect(regionIn(resource)).toBe(region)
})
