import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Alert, RuleInfo } from '../../core/contracts/index.ts'
import { loadProject } from '../../project/index.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { changeInProject } from './change-staging.ts'
import { appProject, inspect, recordLine, removeFolder, ruleText, startProject, until } from './fixture.ts'
import { openStaging, type StagingChange } from '../upkeep/staging.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const hour = 3_600_000
const day0 = Date.UTC(2026, 2, 2)

function project(rules: Readonly<Record<string, string>>, more = ''): string {
  const dir = appProject(rules, { records: 2, more })
  folders.push(dir)
  return dir
}

const runOnce = async (dir: string, at = day0) => (await startProject(dir, { once: true, now: () => at })).finished
const addRule = (dir: string, name: string, body: string, options = '') =>
  writeFileSync(join(dir, `rules/${name}.ts`), ruleText(name, body, options))
const addRecord = (dir: string, n: number) => appendFileSync(join(dir, 'logs/a.json'), recordLine(n))

let changes = 0
const change = (dir: string, wanted: StagingChange, at = day0) =>
  changeInProject({ projectDir: dir, now: () => at, onOutput: () => {}, id: `change-${++changes}` }, wanted)

/** `rule n` of what was sent to the file output, in order. */
function sent(dir: string): string[] {
  const file = join(dir, 'alerts.jsonl')
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Alert).map(({ rule, record }) => nameOf(rule, record as never))
}

const nameOf = (rule: string, data: Readonly<Record<string, unknown>>) => `${rule} ${String(data['n'])}`

/** `rule n` of what was stored as staged, in order. */
const held = async (dir: string) =>
  (await inspect(dir)).alerts
    .filter(({ staged }) => staged)
    .map(({ rule, record }) => nameOf(rule, record.data))
    .sort()

it('a staged rule stores its alerts and sends none until it is promoted; what it raised before stays unsent', async () => {
  const dir = project({
    held: ruleText('held', 'return true', 'staged: true,'),
    merged: ruleText('merged', 'return true', `staged: true, merge: { by: ['app'], window: '1h' },`),
    live: ruleText('live', 'return true'),
  })
  await runOnce(dir)
  expect(sent(dir)).toEqual(['live 0', 'live 1'])
  // Of a merge its alert and its update.
  expect((await held(dir)).map((name) => name.split(' ')[0])).toEqual(['held', 'held', 'merged', 'merged'])

  expect(await change(dir, { action: 'promote', rule: 'held' })).toMatchObject({ changed: true, life: { by: 'hand' } })
  expect(await change(dir, { action: 'promote', rule: 'held' })).toMatchObject({ changed: false })
  addRecord(dir, 2)
  await runOnce(dir)
  expect(sent(dir).toSorted()).toEqual(['held 2', 'live 0', 'live 1', 'live 2'])

  // All comes again, as a source may give it after a crash: nothing is raised anew under the rule's new mode.
  const store = openSqliteStore(join(dir, '.streamalert/state.db'))
  await store.delete((await store.list('source/')).map(({ key }) => key))
  await store.close()
  await runOnce(dir)
  expect(sent(dir)).toHaveLength(4)
}, 60_000)

it('a new rule is staged before its first record, and promoted when its time has passed quietly', async () => {
  const dir = project({ first: ruleText('first', 'return true') }, 'staging: { newRules: 48h }')
  await runOnce(dir)
  expect(sent(dir)).toEqual(['first 0', 'first 1'])

  addRule(dir, 'noisy', 'return true')
  addRule(dir, 'quiet', 'return record.n >= 10')
  addRule(dir, 'allowed', 'return record.n === 2', `staged: { for: '48h', maxAlerts: 1 },`)
  addRule(dir, 'exempt', 'return true', 'staged: false,')
  addRecord(dir, 2)
  await runOnce(dir, day0 + hour)
  expect(sent(dir).slice(2).toSorted()).toEqual(['exempt 2', 'first 2'])
  expect(await held(dir)).toEqual(['allowed 2', 'noisy 2'])

  // Their time is over, but what lies there to be read is part of it.
  await runOnce(dir, day0 + 49 * hour)
  addRecord(dir, 10)
  await runOnce(dir, day0 + 50 * hour)
  expect(sent(dir).slice(4).toSorted()).toEqual(['exempt 10', 'first 10', 'quiet 10'])
  expect(await held(dir)).toEqual(['allowed 2', 'noisy 10', 'noisy 2'])
  addRecord(dir, 2)
  await runOnce(dir, day0 + 51 * hour)
  expect(sent(dir).slice(7).toSorted()).toEqual(['allowed 2', 'exempt 2', 'first 2'])
}, 90_000)

it('what an engine finds to read when it starts still speaks against a rule whose time has passed', async () => {
  const dir = project({ late: ruleText('late', 'return record.n === 7', `staged: '48h',`) })
  await runOnce(dir)
  addRecord(dir, 7)
  await runOnce(dir, day0 + 100 * hour)
  addRecord(dir, 7)
  await runOnce(dir, day0 + 101 * hour)
  expect(sent(dir)).toEqual([])
  expect(await held(dir)).toEqual(['late 7', 'late 7'])
}, 60_000)

it('a running engine stages what is new to it, takes changes from commands, and promotes by itself', async () => {
  let clock = day0
  const dir = project({ first: ruleText('first', 'return true') }, 'staging: { newRules: 48h }')
  let started = 0
  const codes: string[] = []
  const engine = await startProject(dir, {
    once: false,
    now: () => clock,
    events: { started: () => void started++, log: ({ code }) => void codes.push(code) },
  })
  await until(() => sent(dir).length === 2)
  addRule(dir, 'second', 'return record.n === 2')
  await until(() => started === 2)
  addRecord(dir, 2)
  await until(() => sent(dir).length === 3)
  await until(async () => (await held(dir)).length === 1)

  expect(await change(dir, { action: 'stage', rule: 'first', forMs: hour })).toMatchObject({ changed: true })
  await expect(change(dir, { action: 'stage', rule: 'frist' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await change(dir, { action: 'promote', rule: 'second' })
  addRecord(dir, 2)
  await until(async () => (await held(dir)).length === 2)
  await until(() => sent(dir).length === 4)
  expect(sent(dir).toSorted()).toEqual(['first 0', 'first 1', 'first 2', 'second 2'])
  expect(await held(dir)).toEqual(['first 2', 'second 2'])

  clock += 1
  await change(dir, { action: 'stage', rule: 'second', forMs: hour })
  clock += 2 * hour
  await until(() => codes.includes('RULE_PROMOTED'))
  addRecord(dir, 2)
  await until(async () => (await held(dir)).length === 3)
  await until(() => sent(dir).length === 5)
  await engine.stop()
  expect(sent(dir).at(-1)).toBe('second 2')
  expect(await held(dir)).toEqual(['first 2', 'first 2', 'second 2'])
}, 90_000)

it('the digest goes out like any alert', async () => {
  const more = `staging: { digest: { outputs: ['file:alerts'], every: 1d } }`
  const dir = project({ held: ruleText('held', 'return true', 'staged: true,') }, more)
  await runOnce(dir)
  expect(sent(dir)).toEqual([])
  await runOnce(dir, day0 + 24 * hour)
  expect(sent(dir)).toEqual(['streamalert-staging-digest undefined'])
  expect((await inspect(dir)).alerts[0]).toMatchObject({
    title: '1 staged rule: 2 alerts not sent',
    staged: false,
    outputs: ['file:alerts'],
    record: { schema: 'streamalert:staging', data: { rules: [{ rule: 'held', alerts: 2, stagedUntil: null }] } },
  })
}, 60_000)

it('there is one digest for each period, over restarts, and none while no rule is staged', async () => {
  const dir = project({}, `staging: { digest: { outputs: ['file:alerts'], every: 1d } }`)
  const loaded = await loadProject(dir)
  const store = createMemoryStore()
  const rules = [infoOf('held')]
  const restartAt = async (at: number) => {
    const host = { store, now: () => at, log: () => {}, onCommitted: () => {} }
    const staging = await openStaging(host)
    await staging.enter(loaded, rules)
    await staging.look()
    await staging.look()
    return staging
  }
  const digests = async () => (await store.alerts({ limit: 99 })).length
  await restartAt(day0)
  await restartAt(day0 + 24 * hour - 1)
  expect(await digests()).toBe(0)
  await restartAt(day0 + 24 * hour)
  await restartAt(day0 + 25 * hour)
  expect(await digests()).toBe(1)
  // Periods in which no engine ran are made up for by one digest, and the schedule stays.
  await restartAt(day0 + 100 * hour)
  await restartAt(day0 + 119 * hour)
  expect(await digests()).toBe(2)
  const staging = await restartAt(day0 + 120 * hour)
  expect(await digests()).toBe(3)
  await staging.change({ action: 'promote', rule: 'held' })
  await restartAt(day0 + 200 * hour)
  expect(await digests()).toBe(3)
})

const infoOf = (name: string): RuleInfo => ({
  ...{ name, description: '', severity: 'low', schemas: [], types: [], outputs: [], tags: [], attack: [] },
  ...{ references: [], falsePositives: [], enabled: true, staged: {} },
})

it('an output of the digest that is not configured is a fault of the configuration', async () => {
  const dir = project({}, `staging: { digest: { outputs: ['file:alert'] } }`)
  await expect(runOnce(dir)).rejects.toMatchObject({
    problems: [{ code: 'CONFIG_UNKNOWN_NAME', hint: expect.stringContaining('file:alerts') as string }],
  })
})
