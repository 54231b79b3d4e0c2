import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CodedError } from '../../core/errors.ts'
import { appProject, inspect, recordLine, removeFolder, ruleText, startProject, until } from './fixture.ts'

const folders: string[] = []
afterAll(() => folders.forEach(removeFolder))

const rule = ruleText('known', '').replace(
  'match: (record) => {  },',
  "lookups: { numbers: { bad: 'boolean' } }, match: (record, { lookup }) => lookup('numbers', record.n)?.bad ?? false,",
)

it('a table that changes is loaded again; one that is broken leaves the old one', async () => {
  const dir = appProject({ known: rule }, { records: 3 })
  folders.push(dir)
  const write = (text: string) => writeFileSync(join(dir, 'lookups/numbers.csv'), text)
  mkdirSync(join(dir, 'lookups'))
  write('n,bad\n1,true\n')
  const told = { started: 0, broken: [] as (readonly CodedError[])[] }
  const engine = await startProject(dir, {
    once: false,
    events: { started: () => void told.started++, reloadFailed: (problems) => void told.broken.push(problems) },
  })
  const seen = async () =>
    (await inspect(dir)).alerts.map(({ record }) => Number(record.data['n'])).toSorted((a, b) => a - b)
  await until(async () => (await seen()).length === 1)
  expect(await seen()).toEqual([1])

  write('n,bad\n1,true\n4,true\n')
  await until(() => told.started === 2)
  appendFileSync(join(dir, 'logs/a.json'), recordLine(3) + recordLine(4))
  await until(async () => (await seen()).length === 2)

  write('n,bad\n1,perhaps\n')
  await until(() => told.broken.length === 1)
  expect(told.broken[0]).toMatchObject([{ code: 'LOOKUP_INVALID', place: { file: 'rules/known.ts' } }])
  await engine.stop()
  expect(await seen()).toEqual([1, 4])
}, 60_000)
