import { afterAll, expect, test } from 'vitest'
import { streamalertAlerts } from '../../../schemas/streamalert.ts'
import { alertsAsSource } from '../../core/alert-records.ts'
import { defineRule } from '../../index.ts'
import { code, common, events, inThisThread, line, project, startAws, within } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import { openStore, placeOf } from './surroundings.ts'

const aws = await startAws()
afterAll(() => aws.close())

const overAlerts = defineRule({
  name: 'each',
  description: 'Each alert.',
  severity: 'high',
  schemas: [streamalertAlerts],
  outputs: ['stdout:all'],
  match: () => true,
  title: (alert) => `${alert.rule} ${String(alert.record?.['n'])}`,
})
const minute = { source: 'streamalert.schedule' }
const time = within(300_000)

test('rules over alerts see, each minute, what was raised since: once, also where two look at the same time', async () => {
  const around = await aws.surroundings()
  const evaluation = inThisThread({
    ...code,
    schemas: [...code.schemas, streamalertAlerts],
    rules: [...code.rules, overAlerts],
    sources: [...code.sources, alertsAsSource],
    keepsRecords: true,
  })
  const open = () => createIngestHandler({ ...project, evaluation, keepsRecords: true }, around)
  const [one, other] = [open(), open()]
  const titles = async () =>
    (await openStore(placeOf(around), common, around).alertsAfter(0, 100)).alerts
      .filter(({ rule }) => rule === 'each')
      .map(({ title, cluster, source }) => `${cluster} ${source} ${title}`)
      .toSorted()

  // Those from before the first look are not told.
  await one(events.kinesis([['1', line(1)]]), time)
  expect(await one(minute, time)).toBeUndefined()
  expect(await titles()).toEqual([])
  await one(events.kinesis([['2', line(3)]]), time)
  await Promise.all([one(minute, time), other(minute, time)])
  await one(minute, time)
  expect(await titles()).toEqual(['prod streamalert:alerts odd 3'])

  const { Contents = [] } = await aws.s3.listObjectsV2({ Bucket: 'acme-lake', Prefix: 'segments/' })
  expect(Contents).toHaveLength(2)
})

test('where the time is short, alerts wait for the next minute', async () => {
  const lines: string[] = []
  const around = await aws.surroundings(lines)
  const evaluation = inThisThread({
    ...code,
    schemas: [...code.schemas, streamalertAlerts],
    rules: [...code.rules, overAlerts],
    sources: [...code.sources, alertsAsSource],
  })
  const handler = createIngestHandler({ ...project, evaluation }, around)
  await handler(minute, time)
  await handler(events.kinesis([['1', line(1)]]), time)
  expect(await handler(minute, { getRemainingTimeInMillis: shrinking() })).toBeUndefined()
  expect(lines.filter((text) => text.includes('"error"'))).toEqual([])
  await handler(minute, time)
  const { alerts } = await openStore(placeOf(around), common, around).alertsAfter(0, 100)
  expect(alerts.filter(({ rule }) => rule === 'each')).toHaveLength(2)
})

/** Once asked, nearly nothing is left. */
function shrinking(): () => number {
  let left = 300_000
  return () => {
    const now = left
    left = 1
    return now
  }
}

test('without rules over alerts a minute is nothing', async () => {
  const around = await aws.surroundings()
  const handler = createIngestHandler(project, around)
  expect(await handler(minute, time)).toBeUndefined()
  expect(await openStore(placeOf(around), common, around).get('alerts:handed')).toBeUndefined()
})
