import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { appProject, inspect, removeFolder, ruleText, startProject } from './fixture.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const config = `
sources: { file: { app: { paths: ['logs/*'], schemas: ['app:events'] } } }
outputs:
  file:
    few: { path: few.jsonl, delivery: { rateLimit: { perRule: 2, window: 1d } } }
    all: { path: all.jsonl }
defaults: { outputs: ['file:few', 'file:all'] }
terminal: false
workers: { count: 1 }
`

it('an output with a rate limit is told so many alerts one by one, and of the rest by a digest', async () => {
  const dir = appProject({ each: ruleText('each', 'return true') }, { records: 20 })
  folders.push(dir)
  writeFileSync(join(dir, 'streamalert.yaml'), config)
  await (await startProject(dir, { once: true })).finished
  const rulesIn = (file: string) => {
    const lines = readFileSync(join(dir, file), 'utf8').trim().split('\n')
    return lines.map((line) => (JSON.parse(line) as { rule: string }).rule).sort()
  }
  expect(rulesIn('few.jsonl')).toEqual(['each', 'each', 'streamalert-digest'])
  expect(rulesIn('all.jsonl')).toEqual(Array(20).fill('each'))
  const digest = (await inspect(dir)).alerts.find(({ rule }) => rule === 'streamalert-digest')
  expect(digest).toMatchObject({ title: '18 more alerts of each', record: { data: { count: 18 } } })
}, 60_000)
