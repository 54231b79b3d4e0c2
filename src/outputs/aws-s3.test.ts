import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { awsOutputContract, sendByAws, testAws } from '../testing/aws-output-contract.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import s3 from './aws-s3.ts'

let server: Awaited<ReturnType<typeof startFauxqs>>
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, init: { buckets: ['archive'] } })
})
afterAll(() => server.stop())

awsOutputContract(s3, (url) => ({ bucket: 'archive', ...testAws(url) }))

test('an alert is an object in the folder of its hour, and a repeat is the same object', async () => {
  const config = { bucket: 'archive', ...testAws(server.address) }
  await sendByAws(s3, config)
  await sendByAws(s3, config)
  await sendByAws(s3, { ...config, prefix: '' }, messageOf({ ...sampleAlert, rule: '../aws/root login', id: 'b2' }))
  const client = new S3Client({
    endpoint: server.address,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
  })
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'archive' }))
  const key = `alerts/dt=2026-02-03-10/file_osquery_sudo-in-pci_${sampleAlert.id}.json`
  expect(Contents.map(({ Key }) => Key)).toEqual([key, 'dt=2026-02-03-10/file_osquery_.._aws_root_login_b2.json'])
  const object = await client.send(new GetObjectCommand({ Bucket: 'archive', Key: key }))
  expect(object.ContentType).toBe('application/json')
  expect(JSON.parse((await object.Body?.transformToString()) ?? '')).toEqual(publish(sampleAlert))
  client.destroy()
})

test('a bucket that is not there waits for a person', async () => {
  await expect(sendByAws(s3, { bucket: 'another', ...testAws(server.address) })).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    retry: 'never',
    message: expect.stringContaining('NoSuchBucket') as string,
  })
})

test.each(['/alerts/', 'alerts', 'a\\b/'])('%j is no prefix', (prefix) => {
  expect(s3.config.safeParse({ bucket: 'archive', prefix }).success).toBe(false)
})
