import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { appProject, inspect, removeFolder, ruleText, startProject } from './fixture.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { commitOf, sampleHit, start } from '../../testing/store/samples.ts'
import { retryDeadInProject, retryInProject } from './retry.ts'

const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b))
const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const options = (dir: string) => ({
  projectDir: dir,
  screen: { colour: false, columns: 80, write: () => {} },
  env: {},
  events: { log: () => {} },
})

async function broken(): Promise<string> {
  const dir = appProject(
    { bad: ruleText('bad', `if (record.n === 1) throw new Error('one'); return true`) },
    { records: 3 },
  )
  folders.push(dir)
  appendFileSync(join(dir, 'logs/a.json'), '{"when":"2026-03-01T10:00:00Z","number":7}\n')
  await (await startProject(dir, { once: true })).finished
  expect((await inspect(dir)).quarantine.map(({ kind }) => kind).toSorted(byText)).toEqual(['record', 'verdict'])
  return dir
}

const mend = (dir: string) => {
  writeFileSync(join(dir, 'rules/bad.ts'), ruleText('bad', 'return true'))
  writeFileSync(
    join(dir, 'schemas/other.ts'),
    `import { defineSchema } from 'streamalert'
     import { json } from 'streamalert/parsers'
     export const other = defineSchema({ name: 'app:other', description: 'Others.', parse: json(), time: 'when',
       fields: { when: 'timestamp', number: 'integer' } })`,
  )
  const config = `
sources: { file: { app: { paths: ['logs/*'], schemas: ['app:*'] } } }
outputs: { file: { alerts: { path: alerts.jsonl } } }
defaults: { outputs: ['file:alerts'] }
terminal: false
workers: { count: 1 }
`
  writeFileSync(join(dir, 'streamalert.yaml'), config)
}

it('what was quarantined goes through once schema and rule are mended, and its alert is raised once', async () => {
  const dir = await broken()
  expect(await retryInProject(options(dir), { limit: 100 }, 'a')).toEqual({ passed: 0, failed: 2, alerts: 0 })
  mend(dir)
  expect(await retryInProject(options(dir), { limit: 100 }, 'b')).toEqual({ passed: 2, failed: 0, alerts: 1 })
  const { alerts, quarantine } = await inspect(dir)
  expect(alerts.map(({ record }) => record.data['n']).toSorted(byText)).toEqual([0, 1, 2])
  expect(quarantine).toEqual([])
  expect(await retryInProject(options(dir), { limit: 100 }, 'c')).toEqual({ passed: 0, failed: 0, alerts: 0 })
}, 60_000)

it('is done by the engine that runs on the project', async () => {
  const dir = await broken()
  mend(dir)
  const engine = await startProject(dir, { once: false })
  try {
    expect(await retryInProject(options(dir), { kind: 'verdict', limit: 100 }, 'a')).toEqual({
      passed: 1,
      failed: 0,
      alerts: 1,
    })
    expect(await reviveOne(dir)).toBe(1)
  } finally {
    await engine.stop()
  }
  expect((await inspect(dir)).quarantine.map(({ kind }) => kind)).toEqual(['record'])
}, 60_000)

/** Lets the delivery of an alert die, and asks for it to be tried again; answers how many were. */
async function reviveOne(dir: string): Promise<number> {
  const store = openSqliteStore(join(dir, '.streamalert', 'state.db'))
  const n = 3
  await store.commit(commitOf({ hits: [sampleHit({ n, outputs: ['file:gone'] })] }))
  const { id } = sampleHit({ n })
  await store.settle([{ alert: id, output: 'file:gone', state: 'dead', error: 'HTTP 400' }], start)
  const retried = await retryDeadInProject(options(dir), { output: 'file:gone' }, 'dead')
  // There is no such output still, and the engine says so.
  const deadNow = async () => (await store.deadDeliveries({ limit: 9 })).map(({ error }) => error.split(' ')[0])
  await expect.poll(deadNow, { timeout: 10_000 }).toEqual(['CONFIG_UNKNOWN_NAME'])
  await store.close()
  return retried
}
