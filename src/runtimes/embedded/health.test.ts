import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { appProject, inspect, recordLine, removeFolder, ruleText, startProject } from './fixture.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const rules = {
  bad: ruleText('bad', `if (record.n % 5 === 0) throw new Error('five'); return false`),
  rare: ruleText('rare', `if (record.n === 7) throw new Error('seven'); return false`),
}

/** Health alerts of a run over fifty records, and what was logged of health. */
async function run(more: string, now = Date.now) {
  const dir = appProject(rules, { more })
  folders.push(dir)
  const logged: string[] = []
  const log = ({ code, message }: { code: string; message: string }) => void (code === 'HEALTH' && logged.push(message))
  const once = async () => (await startProject(dir, { once: true, now, events: { log } })).finished
  await once()
  const again = async () => (await once(), inspect(dir))
  return { ...(await inspect(dir)), logged, again }
}

it('a rule that fails on more than its share raises one alert an hour, to the outputs named', async () => {
  const { alerts, again } = await run(`health: { outputs: ['file:alerts'] }\n`)
  expect(alerts).toMatchObject([
    { rule: 'streamalert-rule-failing', title: 'bad fails on 20 % of its records', outputs: ['file:alerts'] },
  ])
  expect(alerts[0]?.record.data).toMatchObject({ rule: 'bad', failed: 10, asked: 50, error: 'RULE_THREW' })
  expect((await again()).alerts).toHaveLength(1)
})

it('the share may be another; without outputs nothing is raised', async () => {
  const { alerts, logged } = await run('health: { errorShare: 0.01 }\n')
  expect(alerts).toEqual([])
  expect(logged).toEqual(['bad fails on 20 % of its records', 'rare fails on 2 % of its records'])
})

it('rules whose log types are silent for too long are blind', async () => {
  let clock = Date.parse('2026-03-01T12:00:00Z')
  const { alerts, again } = await run(
    `health: { outputs: ['file:alerts'], errorShare: 1, silentAfter: 2h }\n`,
    () => clock,
  )
  expect(alerts).toEqual([])
  clock += 3 * 3_600_000
  const later = (await again()).alerts
  expect(later).toMatchObject([{ rule: 'streamalert-rule-blind', title: 'No record of app:events: 2 rules blind' }])
  clock += 3_600_000
  expect((await again()).alerts).toHaveLength(1)
})

it('a source that is silent for too long raises one alert, and one when it is back', async () => {
  let clock = Date.parse('2026-03-01T12:00:00Z')
  const dir = appProject(
    {},
    {
      sources: `sources: { file: { app: { paths: ['logs/*'], silentAfter: 1h }, other: { paths: ['none/*'] } } }`,
      more: `health: { outputs: ['file:alerts'] }\n`,
    },
  )
  folders.push(dir)
  const after = async (hours: number) => {
    clock += hours * 3_600_000
    await (await startProject(dir, { once: true, now: () => clock })).finished
    return (await inspect(dir)).alerts.map(({ title }) => title).toSorted()
  }
  expect(await after(0)).toEqual([])
  expect(await after(2)).toEqual(['file:app is silent'])
  appendFileSync(join(dir, 'logs', 'a.json'), recordLine(99))
  expect(await after(1)).toEqual(['file:app is back', 'file:app is silent'])
})
