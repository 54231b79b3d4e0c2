import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inflateRawSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { loadProject } from '../load.ts'
import { bundleProject } from './index.ts'

const run = promisify(execFile)

/** The one file of an archive. */
function codeIn(file: string): Buffer {
  const archive = readFileSync(file)
  const start = 30 + archive.readUInt16LE(26)
  return inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(18)))
}

const environment = {
  STREAMALERT_CLUSTER: 'prod',
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
outputs: { webhook: { soc: { url: 'secret:SOC_URL' } } }
defaults: { outputs: ['webhook:soc'] }
terminal: false
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
  })
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const packages = await bundleProject(await loadProject(dir), join(dir, 'build'))
  for (const name of ['ingest', 'dispatch'] as const) {
    const zip = readFileSync(packages[name])
    expect(zip.length).toBeLessThan(1_500_000)
    writeFileSync(join(dir, `${name}.mjs`), codeIn(packages[name]))
    const script = `const t = performance.now(); const { handler } = await import('./${name}.mjs'); console.log(typeof handler, Math.round(performance.now() - t))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: dir,
      env: environment,
    })
    expect(stdout).toMatch(/^function \d+\n$/)
  }
  const ingest = codeIn(packages.ingest).toString()
  expect(ingest).toContain('app:events')
  expect(ingest).toContain('osquery:differential')
  expect(ingest).toContain('yes-it-is-known')
  expect(ingest).not.toContain('okta:')
  expect(ingest).not.toContain('SOC_URL')
  expect(codeIn(packages.dispatch).toString()).toContain('secret:SOC_URL')
}, 60_000)
