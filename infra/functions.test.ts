import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toTfvars } from '../src/project/aws/index.ts'
import { bundleProject } from '../src/project/bundle/index.ts'
import { loadProject } from '../src/project/index.ts'
import { code, events } from '../src/runtimes/aws/fixture.ts'
import { startFunction } from '../src/testing/lambda/index.ts'
import { lake, type RecordedAws, region, startRecordedAws } from './calls/aws.ts'
import { judge } from './calls/judge.ts'
import { foreignKeys, recordedProject } from './calls/project.ts'
import { applied, type Shown } from './offline/state.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

/** Half a minute long, for packages are built and deployed: `STREAMALERT_AWS=1 npx vitest run infra/functions.test.ts`. */
const isAsked = process.env['STREAMALERT_AWS'] === '1' && (await hasTerraform())

const bucket = 'acme-prod-trail-123456789012'
const began = Date.now() - 60_000
const line = (n: number) => `${JSON.stringify({ at: new Date(began + n).toISOString(), n, host: 'h' })}\n`

describe.runIf(isAsked)('packages, as Lambda runs them', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let shown: readonly Shown[]
  let packages: Readonly<Record<string, string>>
  let aws: RecordedAws
  beforeAll(async () => {
    const dir = recordedProject()
    const project = await loadProject(dir)
    packages = { ...(await bundleProject(project, join(dir, 'build'))) }
    terraform = await startOffline()
    const zip = join(terraform.dir, 'function.zip')
    writeFileSync(zip, 'a zip')
    const { variables } = toTfvars(project, code.schemas, {
      ...{ ingest: packages['ingest']!, dispatch: packages['dispatch']!, compact: zip, api: zip },
      ...packages,
    })
    writeFileSync(join(terraform.dir, 'streamalert.auto.tfvars.json'), JSON.stringify(variables))
    shown = await applied(terraform)
    aws = await startRecordedAws()
    for (const name of [bucket, lake]) aws.queues.createBucket(name)
  }, 180_000)
  afterAll(async () => {
    await terraform[Symbol.asyncDispose]()
    await aws[Symbol.asyncDispose]()
  })

  /** A function of the cluster `prod`, as it is declared. */
  function start(part: string, change: (environment: Record<string, string>) => void = () => {}) {
    const name = `acme-prod-${part}`
    const { values } = shown.find(
      ({ type, values: of }) => type === 'aws_lambda_function' && of['function_name'] === name,
    )!
    const [{ variables }] = values['environment'] as [{ variables: Record<string, string> }]
    const environment = { ...variables }
    change(environment)
    return startFunction({
      ...{ name, region, environment, zip: packages[part]!, handler: String(values['handler']) },
      endpoints: { AWS_ENDPOINT_URL: aws.url },
    })
  }

  async function announced(key: string, body: string, place = bucket) {
    const { ETag = '' } = await aws.s3.putObject({ Bucket: bucket, Key: key, Body: body })
    return events.created(key, body.length, ETag.replaceAll('"', '')).replace('acme-logs', place)
  }

  test('what is announced is read, what cannot be read comes again, and alerts are sent', async () => {
    await using ingest = await start('ingest')
    const objects = events.sqs('acme-prod-objects', [
      ['m1', await announced('a.log', line(1) + line(2))],
      ['m2', await announced('b.log', line(3), 'nobody-s')],
    ])
    expect(await ingest.invoke(objects)).toEqual({ result: { batchItemFailures: [{ itemIdentifier: 'm2' }] } })
  })
})
