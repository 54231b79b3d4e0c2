import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { startFunction } from '../../testing/lambda/index.ts'
import { unzip } from '../../testing/lambda/unzip.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { loadProject } from '../load.ts'
import { codeOf } from '../code-request.ts'
import { loadCode } from '../code.ts'
import { compacts, ingestEntry } from './entries.ts'
import { bundle, bundleProject } from './index.ts'

const run = promisify(execFile)

const filesIn = (file: string) => Object.fromEntries(unzip(readFileSync(file)))

const environment = {
  STREAMALERT_CLUSTER: 'prod',
  STREAMALERT_CLUSTERS: 'prod',
  STREAMALERT_TABLE: 'table',
  STREAMALERT_LAKE: 'lake',
  STREAMALERT_PREFIX: 'acme',
  AWS_REGION: 'eu-west-1',
}

test('packages hold what a project names, start with the environment of a function, and are small', async () => {
  const dir = projectFolder({
    'streamalert.yaml': `
clusters: { prod: {} }
sources: { aws-kinesis: { logs: { stream: acme-prod-logs, schemas: ['app:events', 'osquery'] } } }
outputs: { webhook: { soc: { url: 'secret:SOC_URL', publishers: [loud] } } }
defaults: { outputs: ['webhook:soc'] }
terminal: false
aws:
  region: eu-west-1
  prefix: acme
  history: { records: 30d }
  api: { access: [{ principals: ['arn:aws:iam::123456789012:role/soc'], role: viewer, clusters: all }] }
`,
    'schemas/app.ts': `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const app = defineSchema({ name: 'app:events', description: 'x.', parse: json(), fields: { n: 'integer' } })
`,
    'rules/one.ts': `
import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'
export default defineRule({
  name: 'one', description: 'One.', severity: 'low', schemas: [app], lookups: { known: 'string' },
  match: (record, { lookups }) => lookups.known.get(String(record.n)) !== undefined,
})
`,
    'lookups/known.json': '{"1":"yes-it-is-known"}',
    'publishers/loud.ts': `
import { definePublisher } from 'streamalert'
export const loud = definePublisher({ name: 'loud', description: 'x.', publish: () => ({ title: 'it-speaks-loud' }) })
`,
  })
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const packages = await bundleProject(await loadProject(dir), join(dir, 'build'))
  const contents = {
    ...{ ingest: filesIn(packages.ingest), dispatch: filesIn(packages.dispatch) },
    ...{ compact: filesIn(packages.compact!), api: filesIn(packages.api!) },
  }
  expect(Object.keys(contents.ingest)).toEqual(['index.mjs', 'worker.mjs'])
  // Publishers run where the function's environment is not.
  expect(Object.keys(contents.dispatch)).toEqual(['index.mjs', 'worker.mjs'])
  for (const name of ['ingest', 'dispatch', 'compact', 'api'] as const) {
    expect(readFileSync(packages[name]!).length).toBeLessThan(1_500_000)
    mkdirSync(join(dir, name))
    for (const [file, bytes] of Object.entries(contents[name])) writeFileSync(join(dir, name, file), bytes)
    if (name === 'ingest') continue
    const script = `const { handler } = await import('./${name}/index.mjs'); console.log(typeof handler)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: dir,
      env: environment,
    })
    expect(stdout).toBe('function\n')
  }
  // As Lambda runs it; infra/functions.test.ts runs all of them, on servers.
  await using ingest = await startFunction({
    ...{ name: 'ingest', zip: packages.ingest, handler: 'index.handler', region: 'eu-west-1', environment },
    endpoints: {},
  })
  expect(await ingest.invoke({ what: 'ever' })).toMatchObject({
    error: { errorMessage: 'The event is of no kind that is known: nothing of it was read.' },
  })
  expect(ingest.log()).toEqual([])
  const readyIn = async (name: string) => {
    const progress = new Int32Array(new SharedArrayBuffer(64))
    const worker = new Worker(join(dir, name, 'worker.mjs'), { workerData: { progress }, env: {} })
    const [ready] = (await once(worker, 'message')) as [object]
    await worker.terminate()
    return ready
  }
  expect(await readyIn('dispatch')).toMatchObject({ type: 'ready', rules: [] })
  expect(await readyIn('ingest')).toMatchObject({
    ...{ type: 'ready', rules: [{ name: 'one', outputs: ['webhook:soc'] }] },
    framings: { 'aws-kinesis:logs': ['json'], 'lambda:url': ['json'] },
  })
  const code = contents.ingest['worker.mjs']!.toString()
  expect(code).toContain('app:events')
  expect(code).toContain('osquery:differential')
  expect(code).toContain('yes-it-is-known')
  expect(code).not.toContain('okta:')
  expect(`${code}${contents.ingest['index.mjs']!.toString()}`).not.toContain('SOC_URL')
  expect(contents.dispatch['index.mjs']!.toString()).toContain('secret:SOC_URL')
  expect(contents.dispatch['index.mjs']!.toString()).not.toContain('it-speaks-loud')
  expect(contents.dispatch['worker.mjs']!.toString()).toContain('it-speaks-loud')
  expect(contents.dispatch['worker.mjs']!.toString()).not.toContain('SOC_URL')
  const api = contents.api['index.mjs']!.toString()
  expect(api).toContain('arn:aws:iam::123456789012:role/soc')
  expect(api).not.toContain('yes-it-is-known')
  const compact = contents.compact['index.mjs']!.toString()
  expect(compact).toContain('osquery:differential')
  expect(compact).not.toContain('okta:')
  expect(compact).not.toContain('DynamoDB_20120810')
  expect(contents.ingest['index.mjs']!.toString()).not.toContain('Firehose_20150804')
}, 60_000)

test('where Firehose writes the history, the function that reads knows it and the fields of its log types, and nothing compacts', async () => {
  const dir = projectFolder({
    'streamalert.yaml': `
clusters: { prod: {} }
sources: { aws-kinesis: { logs: { stream: acme-prod-logs, schemas: [osquery] } } }
terminal: false
aws: { region: eu-west-1, prefix: acme, history: { records: 30d, writer: firehose } }
`,
  })
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const project = await loadProject(dir)
  expect(compacts(project)).toBe(false)
  // infra/firehose.test.ts runs it.
  const code = Buffer.from(await bundle(ingestEntry(project, await loadCode(codeOf(project))), dir)).toString()
  expect(code).toContain('Firehose_20150804')
  expect(code).toContain('osquery:differential')
  expect(code).not.toContain('okta:')
})
