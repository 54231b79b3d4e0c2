import { afterAll, expect, test } from 'vitest'
import type { LogLine } from '../../core/contracts/index.ts'
import { readHealth } from '../../core/health/index.ts'
import { config as configSchema } from '../../project/config.ts'
import { defineRule } from '../../index.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { code, common, events, inThisThread, line, project, startAws, within } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import { createStaging, enterRules } from './staging.ts'
import { openStore, placeOf } from './surroundings.ts'
import { createUpkeep } from './upkeep.ts'

const aws = await startAws()
afterAll(() => aws.close())

const hour = 3_600_000
const start = Date.parse('2026-03-01T10:00:00Z')
const ruleOf = (name: string, staged?: true) =>
  defineRule({
    ...{ name, description: 'For tests.', severity: 'low', schemas: [...code.schemas], outputs: ['stdout:all'] },
    ...(staged && { staged }),
    match: () => true,
  })
const [old, fresh] = [ruleOf('old').info, ruleOf('fresh').info]

function engine() {
  const store = createMemoryStore()
  const lines: LogLine[] = []
  const clock = { now: start }
  const host = {
    store,
    cluster: 'prod',
    now: () => clock.now,
    log: (one: LogLine) => void lines.push(one),
    onCommitted() {},
  }
  return { store, lines, clock, host }
}

const { staging, health } = configSchema.parse({
  clusters: { prod: {} },
  staging: { newRules: '1h' },
  health: { outputs: ['stdout:all'] },
})

test('rules begin once, however many functions start at a time; a new one is staged, and promoted by the clock for all', async () => {
  const { host, store, clock, lines } = engine()
  const config = { newRules: hour, maxAlerts: 0 }
  const stagedIn = async (rules: (typeof old)[]) => {
    const all = await Promise.all([1, 2, 3].map(() => enterRules(rules, { ...host, config })))
    return all.map((lives) => [...lives].flatMap(([name, life]) => (life.staged ? [name] : [])))
  }
  expect(await stagedIn([old])).toEqual([[], [], []])
  expect(await stagedIn([old, fresh])).toEqual([['fresh'], ['fresh'], ['fresh']])

  const warm = createStaging({ ...host, config })
  await warm.refresh([old, fresh])
  expect([...warm.modes().staged]).toEqual(['fresh'])
  const look = createUpkeep({ config: { staging, health }, rules: [old, fresh], sources: [] }, host)
  await look()
  clock.now += 2 * hour
  await look()
  expect(lines.map(({ code: what }) => what)).toContain('RULE_PROMOTED')
  await warm.refresh([old, fresh])
  expect([[...warm.modes().staged], [...warm.modes().promoted]]).toEqual([[], ['fresh']])
  // Whoever ended in the middle of the first start leaves no rule for new.
  await store.set('staging:entered', `other ${start} first`)
  await store.delete(['rule:old', 'rule:fresh'])
  await store.set('rule:old', JSON.stringify({ firstSeen: start, declared: null }))
  expect(await stagedIn([old, fresh])).toEqual([[], [], []])
})

test('a rule that fails in several functions is told once, and status knows it', async () => {
  const { host, store, clock } = engine()
  const look = createUpkeep({ config: { staging, health }, rules: [old, fresh], sources: [] }, host)
  await look()
  const fail = (asked: number, failed: number) =>
    store.commit({
      state: [],
      now: clock.now,
      results: [
        {
          ...{ hits: [], quarantine: [], bytes: 0, records: asked },
          counts: [
            { metric: 'asked', labels: { rule: 'old' }, n: asked },
            { metric: 'rule_errors', labels: { rule: 'old', code: 'RULE_THREW' }, n: failed },
          ],
        },
      ],
    })
  await fail(60, 1)
  await fail(40, 9)
  clock.now += 60_000
  await look()
  await look()
  expect((await readHealth(store))?.failing).toEqual([{ rule: 'old', asked: 100, failed: 10, error: 'RULE_THREW' }])
  expect(await store.alerts({ limit: 9 })).toMatchObject([{ alert: { outputs: ['stdout:all'] } }])
  // What failed long ago is no matter any more.
  clock.now += 15 * 60_000
  await look()
  clock.now += 15 * 60_000
  await look()
  expect((await readHealth(store))?.failing).toEqual([])
})

test('staged rules raise alerts that nobody is sent', async () => {
  const around = await aws.surroundings()
  const evaluation = inThisThread({ ...code, rules: [ruleOf('held', true), ruleOf('live')] })
  const handler = createIngestHandler({ ...project, evaluation }, around)
  await handler(events.kinesis([['1', line(1)]]), within(300_000))
  const store = openStore(placeOf(around), common, around)
  const found = (await store.alerts({ limit: 9 })).map(
    ({ alert, deliveries }) => `${alert.rule} ${alert.staged} ${deliveries.length}`,
  )
  expect(found.toSorted()).toEqual(['held true 0', 'live false 1'])
})
