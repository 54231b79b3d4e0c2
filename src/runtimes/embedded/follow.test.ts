import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CodedError } from '../../core/errors.ts'
import { appProject, inspect, recordLine, removeFolder, ruleText, startProject, until } from './fixture.ts'

const byText = (a: unknown, b: unknown) => String(a).localeCompare(String(b))
const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

it('follows its files, reloads rules, keeps the old ones when an edit is broken, and ends cleanly', async () => {
  const dir = appProject(
    { first: ruleText('first', 'return true', `merge: { by: ['app'], window: '1h' },`) },
    { records: 3 },
  )
  folders.push(dir)
  const told: { caughtUp: number; started: string[][]; broken: (readonly CodedError[])[] } = {
    caughtUp: 0,
    started: [],
    broken: [],
  }
  const engine = await startProject(dir, {
    once: false,
    events: {
      started: (_, loaded) => void told.started.push(loaded.rules.map(({ name }) => name)),
      caughtUp: () => void told.caughtUp++,
      reloadFailed: (problems) => void told.broken.push(problems),
    },
  })
  const alertsOf = async (rule: string) => (await inspect(dir)).alerts.filter((alert) => alert.rule === rule)
  await until(() => told.caughtUp === 1)
  expect(await alertsOf('first')).toHaveLength(1)

  // A merge window is open: an alert of another window leaves at once all the same.
  appendFileSync(join(dir, 'logs/a.json'), recordLine(3, '2026-03-01T12:00:00Z'))
  await until(async () => (await alertsOf('first')).length === 2)

  writeFileSync(join(dir, 'rules/second.ts'), ruleText('second', 'return record.n > 3'))
  await until(() => told.started.length === 2)
  expect(told.started[1]).toEqual(['first', 'second'])
  appendFileSync(join(dir, 'logs/a.json'), recordLine(4))
  await until(async () => (await alertsOf('second')).length === 1)

  // What a rule imports from elsewhere in the project counts as the rule's.
  writeFileSync(join(dir, 'limits.ts'), 'export const limit = 3')
  const importing = ruleText('second', 'return record.n > limit').replace(
    'import',
    `import { limit } from '../limits.ts'\nimport`,
  )
  writeFileSync(join(dir, 'rules/second.ts'), importing)
  await until(() => told.started.length >= 3)
  const before = told.started.length
  writeFileSync(join(dir, 'limits.ts'), 'export const limit = 3 // of them')
  await until(() => told.started.length > before)

  writeFileSync(join(dir, 'rules/second.ts'), 'export default 7')
  await until(() => told.broken.length === 1)
  expect(told.broken[0]).toMatchObject([{ code: 'MODULE_NO_DEFAULT', place: { file: 'rules/second.ts' } }])
  appendFileSync(join(dir, 'logs/a.json'), recordLine(5))
  await until(async () => (await alertsOf('second')).length === 2)

  await engine.stop()
  const { alerts } = await inspect(dir)
  expect(
    alerts
      .filter(({ rule }) => rule === 'second')
      .map(({ record }) => record.data['n'])
      .toSorted(byText),
  ).toEqual([4, 5])
}, 60_000)
