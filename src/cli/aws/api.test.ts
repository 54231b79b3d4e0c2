import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Lambda } from '@aws-sdk/client-lambda'
import { S3 } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FrameResult, Store } from '../../core/contracts/index.ts'
import { createApiHandler } from '../../runtimes/aws/api.ts'
import { common, line, project, within } from '../../runtimes/aws/fixture.ts'
import { createIngestHandler } from '../../runtimes/aws/ingest.ts'
import { openStore, placeOf, type Surroundings } from '../../runtimes/aws/surroundings.ts'
import { startDynamo, type TestDynamo } from '../../stores/aws-dynamodb/fixture.ts'
import { openSqliteStore } from '../../stores/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { sampleEntry, sampleHit } from '../../testing/store/samples.ts'
import { command } from '../fixture.ts'

const arnOf = (role: string) => `arn:aws:sts::123456789012:assumed-role/${role}/me`
const secretOf = (key: string) => `secret of ${key}`
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** The key that signed a request, if its signature holds; see IAM's guide, "Create a signed AWS API request". */
function signerOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string | undefined {
  const [, key = '', scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const [path = '', query = ''] = url.split('?')
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`)
  const sorted = query.split('&').toSorted().join('&')
  const canonical = [method, path, sorted, signed.join(''), names, sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const signing = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretOf(key)}`)
  const isForUs = scope.endsWith('/eu-west-1/lambda/aws4_request') && names.includes('host')
  return isForUs && hmac(signing, text).toString('hex') === signature ? key : undefined
}

/** A function's address as Lambda has it, and Lambda itself for the function that reads. */
async function startLambda(dynamo: TestDynamo) {
  let url = ''
  await dynamo.table('acme-prod-state')
  const around: Surroundings = {
    env: {
      ...{ STREAMALERT_CLUSTER: 'prod', STREAMALERT_TABLE: 'acme-prod-state', STREAMALERT_LAKE: 'acme-lake' },
      ...{ STREAMALERT_PREFIX: 'acme', STREAMALERT_CLUSTERS: 'prod' },
    },
    ...{ now: () => at + 1000, write() {}, dynamo: () => dynamo.client() },
    s3: () => new S3({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' }),
  }
  const place = () => ({ endpoint: url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  const api = () => {
    const grants = (['viewer', 'responder', 'admin'] as const).map((role) => {
      return { principals: [`arn:aws:iam::123456789012:role/${role}`], role, clusters: 'all' as const }
    })
    const lambda = () => new Lambda({ ...place(), requestHandler: new NodeHttpHandler() })
    return createApiHandler(
      { kept: common.kept, maxAlerts: 0, grants, sensitive: { 'vendor:type': ['host'] } },
      { ...around, lambda },
    )
  }
  const ingest = createIngestHandler(project, around)
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray())
      if (request.url?.startsWith('/2015-03-31/functions/acme-prod-ingest/invocations')) {
        return response.end(JSON.stringify(await ingest(JSON.parse(body.toString()), within(60_000))))
      }
      const key = signerOf(request, body)
      const refuse = (message: string) => response.writeHead(403).end(JSON.stringify({ Message: message }))
      if (key === undefined) return refuse('The request signature we calculated does not match')
      if (key === 'OLD') return refuse('The security token included in the request is expired')
      if (key === 'UNNAMED') return refuse('Forbidden')
      const [rawPath, rawQueryString = ''] = request.url!.split('?')
      const context = { http: { method: request.method }, authorizer: { iam: { userArn: arnOf(key) } } }
      const event = {
        requestContext: context,
        rawPath,
        rawQueryString,
        body: body.toString('base64'),
        isBase64Encoded: true,
      }
      const answer = await api()(event, within(30_000))
      return response.writeHead(answer.statusCode, answer.headers).end(answer.body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    store: openStore(placeOf(around), common, around),
    close: () => (server.closeAllConnections(), server.close()),
  }
}

const at = Date.UTC(2026, 2, 2)
const bytes = (text: string) => new TextEncoder().encode(text)
const verdict = {
  kind: 'verdict',
  reason: 'RULE_THREW',
  rule: 'broken',
  schema: 'vendor:type',
  receivedAt: at,
} as const
const result: FrameResult = {
  hits: [1, 2, 3].map((n) => sampleHit({ n, key: `secret-host${n}`, rule: n === 3 ? 'other' : 'rule' })),
  quarantine: [
    sampleEntry(0x11111111, { source: 'aws-kinesis:logs', position: 'k#0', raw: bytes(line(7)) }),
    sampleEntry(0x22222222, { source: 'aws-kinesis:logs', position: 'k#99', raw: bytes('no json\u001b[31m') }),
    sampleEntry(0x33333333, {
      ...verdict,
      raw: bytes(JSON.stringify(sampleHit({ n: 4, key: 'secret-host4' }).record)),
    }),
  ],
  counts: [{ metric: 'records', labels: { source: 'file:logs', cluster: 'prod', schema: 'vendor:type' }, n: 1200 }],
  ...{ bytes: 10, records: 2 },
}
const ids = result.hits.map(({ id }) => id)

async function fill(store: Store): Promise<void> {
  for (const [n, hit] of result.hits.entries())
    await store.commit({
      results: [{ ...result, hits: [hit], ...(n > 0 && { quarantine: [], counts: [] }) }],
      state: [],
      now: at + n,
    })
  for (const [n, alert] of ids.slice(0, 2).entries())
    await store.settle([{ alert, output: 'file:alerts', state: 'dead', error: 'HTTP 400' }], at + 10 + n)
}

let dynamo: TestDynamo
let lambda: Awaited<ReturnType<typeof startLambda>>
let dir: string
const before = { ...process.env }
beforeAll(async () => {
  dynamo = await startDynamo()
  lambda = await startLambda(dynamo)
  dir = projectFolder({
    'streamalert.yaml': `clusters: { prod: }\naws: { region: eu-west-1, prefix: acme, api: { url: '${lambda.url}' } }\n`,
    '.streamalert/.gitignore': '*',
    'rules/shout.ts': `
import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'
export default defineRule({ name: 'shout', description: 'x', severity: 'high', schemas: [sshd], match: () => true })`,
  })
  const here = openSqliteStore(join(dir, '.streamalert/state.db'))
  await Promise.all([fill(here), fill(lambda.store)])
  await here.close()
})
afterAll(async () => {
  process.env = before
  lambda.close()
  await dynamo.close()
})

/** Runs a command as one who has a role, with keys in the environment. */
function as(role: string, ...args: string[]) {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: role, AWS_SECRET_ACCESS_KEY: secretOf(role) })
  delete process.env['AWS_PROFILE']
  return command([...args, '--project', dir])
}

test.each([
  [['alerts', 'list']],
  [['alerts', 'list', '--json', '--limit', '2']],
  [['alerts', 'show', ids[0]!]],
  [['alerts', 'show', ids[1]!.slice(0, 8), '--json']],
  [['alerts', 'dead', 'list']],
  [['alerts', 'dead', 'show', ids[0]!]],
  [['quarantine', 'list']],
  [['quarantine', 'list', '--json']],
  [['quarantine', 'show', '2222']],
  [['alerts', 'show', 'ffff']],
])('%j says the same of a deployment', async (args) => {
  const here = await command([...args, '--project', dir])
  const there = await as('admin', ...args, '--aws')
  expect([there.code, there.stdout, there.stderr]).toEqual([here.code, here.stdout, here.stderr])
  expect(here.stdout + here.stderr).not.toBe('')
})

test('status tells what the cluster did', async () => {
  const { stdout } = await as('viewer', 'status', '--aws', '--cluster', 'prod')
  expect(stdout).toMatch(/file:logs +on demand/)
  expect(stdout).toMatch(/file:alerts +0 +1 +2 +0 +HTTP 400/)
  expect(stdout).toMatch(/RULE_THREW +broken +1/)
})

test('viewers do not see sensitive fields, nor what is in quarantine; responders see it without the fields', async () => {
  for (const args of [
    ['alerts', 'list'],
    ['alerts', 'show', ids[0]!],
    ['alerts', 'dead', 'list', '--json'],
  ]) {
    const { code, stdout } = await as('viewer', ...args, '--aws')
    expect([args, code, stdout.includes('secret-host')]).toEqual([args, 0, false])
  }
  const { code, stderr } = await as('viewer', 'quarantine', 'list', '--aws')
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('takes the role responder in the cluster prod; you are viewer'),
  ])
  const { stdout } = await as('responder', 'quarantine', 'show', '3333', '--aws')
  expect(stdout).toContain('"host":"•••"')
  expect((await as('admin', 'quarantine', 'show', '3333', '--aws')).stdout).toContain('"host":"secret-host4"')
})

test('what failed is tried again there', async () => {
  const dead = await as('responder', 'alerts', 'dead', 'retry', ids[0]!.slice(0, 8), '--aws', '--json')
  expect(dead.lines).toEqual([{ retried: 1 }])
  expect((await lambda.store.deadDeliveries({ limit: 9 })).map(({ alert }) => alert.id)).toEqual([ids[1]])
  const again = await as('responder', 'quarantine', 'retry', '--reason', 'RECORD_NO_SCHEMA', '--aws', '--json')
  expect([again.code, again.lines]).toEqual([1, [{ passed: 1, failed: 1, alerts: 2 }]])
  expect(await lambda.store.quarantine({ reason: 'RECORD_NO_SCHEMA', limit: 9 })).toHaveLength(1)
  expect(await lambda.store.alerts({ rule: 'odd', limit: 9 })).toHaveLength(1)
})

test('rules of the deployment are staged and promoted', async () => {
  await lambda.store.set('rule:shout', JSON.stringify({ firstSeen: 1, declared: null }))
  const run = async (...args: string[]) => (await as('responder', 'rules', ...args, '--aws', '--json')).lines
  expect(await run('stage', 'shout', '--for', '2h')).toMatchObject([{ rule: 'shout', state: 'staged', changed: true }])
  expect(await run('list')).toMatchObject([{ rule: 'shout', state: 'staged', staged: { alerts: 0, maxAlerts: 0 } }])
  expect(await run('promote', 'shout')).toMatchObject([{ rule: 'shout', state: 'live', changed: true }])
})

test('people hear why they may not, and what to do', async () => {
  const said = async (who: string, ...args: string[]) => {
    const { code, stderr } = await as(who, 'alerts', 'list', ...args)
    return `${code} ${stderr}`
  }
  expect(await said('OLD', '--aws')).toMatch(/^1 AWS_FAILED .*expired.*\n.*aws sso login/)
  expect(await said('UNNAMED', '--aws')).toMatch(/^1 API_FORBIDDEN .*\n.*aws\.api\.access/)
  expect(await said('stranger', '--aws')).toMatch(/^1 API_FORBIDDEN Nobody gave you a role here\./)
  expect(await said('viewer', '--aws', '--cluster', 'pci')).toMatch(/^2 USAGE The project has no cluster pci\.\n.*prod/)
  const { stderr } = await as('viewer', 'status', '--cluster', 'prod')
  expect(stderr).toContain('Add --aws.')
  process.env['AWS_SECRET_ACCESS_KEY'] = 'another'
  expect((await command(['status', '--aws', '--project', dir])).stderr).toMatch(/^AWS_FAILED .*does not match/)
})
