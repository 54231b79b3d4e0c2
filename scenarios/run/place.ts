import type { DynamoDB } from '@aws-sdk/client-dynamodb'
import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { startDynamo } from '../../src/stores/aws-dynamodb/fixture.ts'
import { startServer } from '../../src/testing/http-server.ts'
import type { Scenario } from './scenario.ts'

/** Where the objects lie. */
export const logBucket = 'acme-prod-logs'
const lake = 'acme-lake'

/** Servers that both runtimes read from and send to, with the objects of a scenario. Give it to `await using`. */
export interface Ground extends AsyncDisposable {
  readonly scenario: Scenario
  /** Everything anew for one run: a queue that announces all objects, a table, an address that alerts are sent to. */
  run(): Promise<Run>
}

export interface Run {
  readonly scenario: Scenario
  /** Address of the servers of S3 and SQS. */
  readonly endpoint: string
  readonly queueUrl: string
  readonly hook: string
  readonly env: Readonly<Record<string, string>>
  readonly clients: { dynamo(): DynamoDB; s3(): S3; sqs(): SQS }
  /** Announces all objects, once more. */
  announce(): void
  /** Messages that are in the queue, or with somebody who reads it. */
  left(): number
  /** Bodies of what was sent, in their order. */
  sent(): readonly string[]
}

/** How much later windows are closed, milliseconds. */
export const laterBy = 24 * 3_600_000
export const testKeys = () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
export const testRegion = 'eu-central-1'

export async function openGround(scenario: Scenario): Promise<Ground> {
  const [fauxqs, dynamo, hook] = await Promise.all([
    startFauxqs({ port: 0, logger: false, defaultRegion: testRegion }),
    startDynamo(),
    startServer([{ status: 200 }]),
  ])
  const settings = () => ({
    ...{ endpoint: fauxqs.address, region: testRegion, credentials: testKeys() },
    requestHandler: new NodeHttpHandler(),
  })
  const s3 = () => new S3({ ...settings(), forcePathStyle: true })
  const admin = s3()
  for (const name of [logBucket, lake]) fauxqs.createBucket(name)
  const messages: string[] = []
  for (const { key, bytes } of scenario.objects) {
    const { ETag = '' } = await admin.putObject({ Bucket: logBucket, Key: key, Body: bytes })
    messages.push(announcement(key, bytes.length, ETag.replaceAll('"', ''), scenario.now))
  }
  let runs = 0
  return {
    scenario,
    async run() {
      const name = `run-${++runs}`
      const { queueUrl } = fauxqs.createQueue(name, { region: testRegion })
      const announce = () => messages.forEach((message) => fauxqs.sendMessage(name, message, { region: testRegion }))
      announce()
      return {
        ...{ scenario, queueUrl, announce, endpoint: fauxqs.address, hook: `${hook.url}/${name}` },
        env: {
          ...{ STREAMALERT_CLUSTER: 'prod', STREAMALERT_PREFIX: 'acme', STREAMALERT_LAKE: lake },
          ...{ STREAMALERT_TABLE: await dynamo.table(), STREAMALERT_QUEUE: queueUrl },
        },
        clients: {
          dynamo: () => dynamo.client(),
          s3,
          sqs: () => new SQS({ ...settings(), useQueueUrlAsEndpoint: false }),
        },
        left: () => countOf(fauxqs, name),
        sent: () => hook.requests.filter(({ path }) => path === `/${name}`).map(({ body }) => body),
      }
    },
    async [Symbol.asyncDispose]() {
      admin.destroy()
      await Promise.all([fauxqs.stop(), dynamo.close(), hook[Symbol.asyncDispose]()])
    },
  }
}

function countOf(fauxqs: FauxqsServer, queue: string): number {
  const { ready, inflight, delayed } = fauxqs.inspectQueue(queue)!.messages
  return ready.length + inflight.length + delayed.length
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const announcement = (key: string, size: number, eTag: string, at: number) =>
  JSON.stringify({
    Records: [
      {
        ...{ eventName: 'ObjectCreated:Put', eventTime: new Date(at).toISOString() },
        s3: { bucket: { name: logBucket }, object: { key: encodeURIComponent(key), size, eTag } },
      },
    ],
  })
