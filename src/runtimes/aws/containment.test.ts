import { afterAll, expect, test } from 'vitest'
import { threadEntry } from '../../project/thread-entry.ts'
import { inWorkers } from './evaluation.ts'
import { common, events, line, project, startAws, within } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import { openStore, placeOf } from './surroundings.ts'

const aws = await startAws()
afterAll(() => aws.close())

test('a rule that never returns, or fills the memory, loses its one verdict; the function, its worker and all else go on', async () => {
  const lines: string[] = []
  const surroundings = await aws.surroundings(lines)
  const around = { ...surroundings, env: { ...surroundings.env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256' } }
  const evaluation = inWorkers(threadEntry('src/runtimes/aws/children/worker'), { ruleTimeoutMs: 100 })
  const handler = createIngestHandler({ ...project, evaluation }, around)
  const records = Array.from({ length: 8 }, (_, n) => [String(1000 + n), line(n)] as const)
  const none = { batchItemFailures: [] }
  expect(await handler(events.kinesis(records), within(300_000))).toEqual(none)
  expect(await handler(events.kinesis([['2000', line(8)]]), within(300_000))).toEqual(none)

  const store = openStore(placeOf(around), common, around)
  const { alerts } = await store.alertsAfter(0, 100)
  const seenBy = (rule: string) =>
    alerts.flatMap((one) => (one.rule === rule ? [Number(one.record.data['n'])] : [])).toSorted((a, b) => a - b)
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  expect({ good: seenBy('good'), stuck: seenBy('stuck'), full: seenBy('full'), secrets: seenBy('secrets') }).toEqual({
    good: all,
    stuck: all.filter((n) => n !== 3),
    full: all.filter((n) => n !== 5),
    secrets: [],
  })
  const kept = await store.quarantine({ limit: 10 })
  expect(kept.map(({ kind, rule, reason }) => `${kind} ${rule} ${reason}`).toSorted()).toEqual([
    'verdict full RULE_MEMORY',
    'verdict stuck RULE_TIMEOUT',
  ])
  expect(lines.filter((text) => text.includes('"RuleErrors":2'))).toHaveLength(1)
})
