import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { Firehose } from '@aws-sdk/client-firehose'
import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import type { Surroundings } from '../../src/runtimes/aws/surroundings.ts'
import { startDynamo } from '../../src/stores/aws-dynamodb/fixture.ts'
import { type AwsCall, startAwsServer } from '../../src/testing/aws-json-server.ts'
import { startServer } from '../../src/testing/http-server.ts'
import { startAwsRecorder, type WireCall } from '../../src/testing/aws-recorder.ts'

export const region = 'eu-central-1'
export const lake = 'acme-lake-123456789012'
/** Where Lambda keeps what the function that reads `prod` failed at. */
export const failed = 'acme-prod-failed-123456789012'
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
/** Where every client is led, as a function is by its environment; each gets an object of its own, for the SDK writes into it. */
export const ledTo = (endpoint: string) => ({ endpoint, region, credentials: { ...credentials } })

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>theirs</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`

/** Servers for every service that the functions call, behind one address that writes down what they are asked. */
export interface RecordedAws extends AsyncDisposable {
  readonly url: string
  readonly calls: readonly WireCall[]
  readonly queues: FauxqsServer
  /** What was sent to the address that every secret holds. */
  readonly hooked: readonly AwsCall[]
  readonly s3: S3
  /** A function of the cluster `prod` of infra's test, with its table. `now`: its clock. */
  around(now: () => number): Surroundings
}

export async function startRecordedAws(): Promise<RecordedAws> {
  const streams = new Set<string>()
  const [dynamo, queues, hook, roles] = await Promise.all([
    startDynamo(),
    startFauxqs({ port: 0, logger: false, defaultRegion: region }),
    startAwsServer({ 'POST /': () => ({}) }),
    startServer([{ status: 200, headers: { 'content-type': 'text/xml' }, body: assumed }]),
  ])
  const rest = await startAwsServer({
    // Every secret is the address of a webhook.
    GetSecretValue: () => ({ SecretString: hook.url }),
    PutRecord: () => ({ RecordId: '1' }),
    PutRecordBatch: ({ Records }: { Records: readonly unknown[] }) => {
      return { FailedPutCount: 0, RequestResponses: Records.map(() => ({ RecordId: '1' })) }
    },
    'POST /2015-03-31/functions/respond/invocations?Qualifier=live': () => ({}),
    ...Object.fromEntries(
      ['prod', 'pci'].map((cluster) => [`POST /2015-03-31/functions/acme-${cluster}-ingest/invocations`, () => ({})]),
    ),
    'POST /v2/email/outbound-emails': () => ({ MessageId: '1' }),
    CreateLogStream: ({ logStreamName }: { logStreamName: string }) => void streams.add(logStreamName),
    PutLogEvents({ logStreamName }: { logStreamName: string }) {
      if (!streams.has(logStreamName)) throw { type: 'ResourceNotFoundException' }
    },
  })
  const others = Object.fromEntries(
    ['secretsmanager', 'firehose', 'lambda', 'ses', 'logs'].map((service) => [service, rest.url]),
  )
  const { address } = queues
  const recorder = await startAwsRecorder({
    dynamodb: dynamo.endpoint,
    s3: address,
    sqs: address,
    sns: address,
    sts: roles.url,
    ...others,
  })
  const settings = () => ({ ...ledTo(recorder.url), requestHandler: new NodeHttpHandler() })
  const s3 = new S3({ ...ledTo(address), requestHandler: new NodeHttpHandler(), forcePathStyle: true })
  for (const cluster of ['prod', 'pci']) await dynamo.table(`acme-${cluster}-state`)
  const env = {
    ...{ STREAMALERT_CLUSTER: 'prod', STREAMALERT_PREFIX: 'acme' },
    ...{ STREAMALERT_TABLE: 'acme-prod-state', STREAMALERT_LAKE: lake, STREAMALERT_FAILED: failed },
    STREAMALERT_QUEUE: queues.createQueue('acme-prod-objects', { region }).queueUrl,
  }
  return {
    url: recorder.url,
    calls: recorder.calls,
    queues,
    hooked: hook.calls,
    s3,
    around: (now) => ({
      ...{ env, now, write() {} },
      dynamo: () => new DynamoDB(settings()),
      s3: () => new S3({ ...settings(), forcePathStyle: true }),
      firehose: async () => new Firehose(settings()),
      sqs: async () => new SQS({ ...settings(), useQueueUrlAsEndpoint: false }),
    }),
    async [Symbol.asyncDispose]() {
      s3.destroy()
      await recorder[Symbol.asyncDispose]()
      await Promise.all([dynamo.close(), queues.stop(), rest[Symbol.asyncDispose](), hook[Symbol.asyncDispose]()])
      await roles[Symbol.asyncDispose]()
    },
  }
}
