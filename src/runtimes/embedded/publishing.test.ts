import { expect, test } from 'vitest'
import type { LogLine } from '../../core/contracts/index.ts'
import { publish } from '../../core/publish.ts'
import { loadProject, codeOf } from '../../project/index.ts'
import { projectFolder } from '../../testing/project-folder.ts'
import { sampleAlert } from '../../testing/sample-alert.ts'
import { startPool } from '../workers/pool.ts'
import { projectWorker } from './project-worker.ts'
import { createPublishing } from '../workers/publishing.ts'

const publishers = `import { definePublisher } from 'streamalert'
const of = (name, publish) => definePublisher({ name, description: 'For tests.', publish })
export const loud = of('loud', (alert, before) => ({ ...before, title: before.title.toUpperCase(), env: process.env.HOME ?? 'none' }))
export const broken = of('broken', (alert) => alert.nothing.there)
export const endless = of('endless', () => { for (;;); })
`

const config = `
clusters: { prod: {} }
outputs: { file: { loud: { path: a.jsonl, publishers: [loud] }, plain: { path: b.jsonl } } }
`

test('publishers run in a worker; what fails there is told, and costs no alert', { timeout: 60_000 }, async () => {
  const project = await loadProject(projectFolder({ 'streamalert.yaml': config, 'publishers/a.ts': publishers }))
  const pool = await startPool({
    ...projectWorker({
      isolation: 'thread',
      code: { ...codeOf(project), everyOutput: [] },
      limits: { cpuMs: 200, idleMs: 10_000, memoryBytes: 512 * 1_048_576 },
      maxBodyBytes: 0,
      onOutput: () => {},
      onStray: () => {},
    }),
    count: 1,
    modes: () => ({ staged: new Set(), promoted: new Set() }),
  })
  const lines: LogLine[] = []
  const publication = createPublishing({
    run: pool.publish,
    ofRules: new Map([['sudo-in-pci', { 'webhook:broken': ['broken'], 'webhook:endless': ['endless'] }]]),
    ofOutputs: new Map(project.outputs.map(({ name, publishers: names }) => [name, names])),
    now: () => 0,
    log: (line) => lines.push(line),
  })
  expect(await publication(sampleAlert, 'file:plain')).toEqual(publish(sampleAlert))
  expect(await publication(sampleAlert, 'file:loud')).toEqual({
    ...publish(sampleAlert),
    title: 'SUDO ON WEB-3.PCI',
    env: 'none',
  })
  const failed = await publication(sampleAlert, 'webhook:broken')
  expect(failed).toEqual({
    ...publish(sampleAlert),
    publisherFailed: expect.stringContaining('"broken" threw') as string,
  })
  const hung = await publication(sampleAlert, 'webhook:endless')
  expect(hung['publisherFailed']).toMatch(/did not return/)
  expect(await publication(sampleAlert, 'file:loud')).toMatchObject({ title: 'SUDO ON WEB-3.PCI' })
  expect(lines.map(({ code, message }) => `${code} ${message.slice(0, 35)}`)).toEqual([
    'PUBLISHER_FAILED sudo-in-pci to webhook:broken: The ',
    'PUBLISHER_FAILED sudo-in-pci to webhook:endless: It ',
  ])
  await pool.close()
})

test('a chain that broke its worker three times in a row is left alone for a minute', async () => {
  let runs = 0
  let time = 0
  const publication = createPublishing({
    run: async () => ({ failure: `run ${++runs}`, broke: true }),
    ofRules: new Map(),
    ofOutputs: new Map([['webhook:x', ['endless']]]),
    now: () => time,
    log: () => {},
  })
  for (let n = 0; n < 5; n++) await publication(sampleAlert, 'webhook:x')
  expect(runs).toBe(3)
  time = 60_000
  await publication(sampleAlert, 'webhook:x')
  expect(runs).toBe(4)
})
