/** The function that answers at work on servers of a test: every path, in every cluster, by one who may do all. */
import { Lambda } from '@aws-sdk/client-lambda'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { createApiHandler } from '../../src/runtimes/aws/api.ts'
import { common, within } from '../../src/runtimes/aws/fixture.ts'
import { openStore } from '../../src/runtimes/aws/surroundings.ts'
import type { WireCall } from '../../src/testing/aws-recorder.ts'
import { commitOf, sampleEntry, sampleHit, start } from '../../src/testing/store/samples.ts'
import { lake, ledTo, type RecordedAws } from './aws.ts'

const responder = 'arn:aws:iam::123456789012:role/responder'
const clusters = ['prod', 'pci']

/** What it asked of AWS. Each cluster has an alert whose record is large, one that is dead, and something large in quarantine. */
export async function runApi(aws: RecordedAws): Promise<readonly WireCall[]> {
  const around = aws.around(() => start + 1000)
  aws.queues.createBucket(lake)
  const hits = [sampleHit({ n: 1 }), sampleHit({ n: 2, data: { pad: 'x'.repeat(200_000) } })]
  const quarantine = [sampleEntry(1), sampleEntry(2, { raw: new Uint8Array(10_000) })]
  for (const cluster of clusters) {
    const place = { cluster, table: `acme-${cluster}-state`, lake, prefix: 'acme' }
    const store = openStore(place, common, around)
    await store.commit(commitOf({ hits, quarantine }))
    await store.settle([{ alert: hits[0]!.id, output: 'file:alerts', state: 'dead', error: 'HTTP 400' }], start)
  }
  const api = createApiHandler(
    {
      kept: common.kept,
      grants: [{ principals: [responder], role: 'responder', clusters: 'all' }],
      sensitive: {},
      maxAlerts: 0,
    },
    {
      ...around,
      env: { ...around.env, STREAMALERT_CLUSTERS: clusters.join(',') },
      lambda: () => new Lambda({ ...ledTo(aws.url), requestHandler: new NodeHttpHandler() }),
    },
  )
  const before = aws.calls.length
  for (const cluster of clusters) {
    const paths = ['status', 'alerts', `alerts/${hits[1]!.id}`, 'dead', 'quarantine', 'quarantine/groups', 'rules']
    const requests = [...paths.map((path) => ['GET', path]), ['POST', 'dead/retry'], ['POST', 'quarantine/retry']]
    for (const [method, path] of requests) {
      const requestContext = { http: { method }, authorizer: { iam: { userArn: responder } } }
      const event = { requestContext, rawPath: `/v1/clusters/${cluster}/${path}`, rawQueryString: '' }
      const { statusCode, body } = await api(event, within(30_000))
      if (statusCode !== 200) throw new Error(`${path}: ${body}`)
    }
  }
  return aws.calls.slice(before)
}
