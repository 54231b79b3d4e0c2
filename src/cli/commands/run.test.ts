import { rm } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { projectFolder } from '../../testing/project-folder.ts'
import { inProcess, streamalert } from '../fixture.ts'
import { run } from './run.ts'

const rule = `
import { defineRule } from 'streamalert'
import { sshd } from 'streamalert/schemas'

export default defineRule({
  name: 'root-tried',
  description: 'Someone tried to be root.',
  severity: 'low',
  schemas: [sshd],
  match: (record) => String(record.message ?? '').includes('for root'),
})
`
const line = (from: string) => `Mar  4 12:00:00 host sshd[1]: Failed password for root from ${from} port 22 ssh2\n`

test('an output of the kind stdout has standard output for itself', async () => {
  const yaml = `clusters: { prod: {} }
sources: { file: { auth: { cluster: prod, schemas: [sshd], paths: ['*.log'] } } }
outputs: { stdout: { collector: {} } }
defaults: { outputs: ['stdout:collector', 'terminal:screen'] }
`
  const dir = projectFolder({ 'streamalert.yaml': yaml, 'rules/root.ts': rule, 'a.log': line('192.0.2.9') })
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { code, lines, stderr } = await streamalert(['run', '--once', '--project', dir])
  expect({ code, rules: lines.map((alert) => alert['rule']) }).toEqual({ code: 0, rules: ['root-tried'] })
  // What the terminal shows of the alert, and the summary.
  expect(stderr).toContain('root-tried')
  expect(stderr).toContain('192.0.2.9')
})

test('run --stdin reads what is piped in to its end, instead of the configured sources', async () => {
  const yaml = "clusters: { prod: {}, pci: {} }\nsources: { file: { other: { cluster: prod, paths: ['*.log'] } } }\n"
  const dir = projectFolder({ 'streamalert.yaml': yaml, 'rules/root.ts': rule, 'a.log': line('192.0.2.9') })
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const args = ['run', '--json', '--project', dir, '--stdin', '--schema', 'sshd', '--cluster', 'pci']
  const stdin = line('192.0.2.1') + line('192.0.2.2').trimEnd()
  const { code, lines, stderr } = await streamalert(args, { stdin })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(lines.map(({ cluster, source }) => `${String(cluster)} ${String(source)}`)).toEqual([
    'pci stdin:stdin',
    'pci stdin:stdin',
  ])

  const { cli } = inProcess(dir)
  await expect(run(cli, { stdin: true })).rejects.toMatchObject({
    code: 'USAGE',
    hint: 'Add --cluster with one of prod, pci.',
  })
  await expect(run(cli, { stdin: true, cluster: 'office' })).rejects.toMatchObject({ code: 'USAGE' })
  await expect(run(cli, { schema: ['sshd'] })).rejects.toMatchObject({ code: 'USAGE', hint: 'Add --stdin.' })
})
