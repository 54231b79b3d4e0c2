import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { defineOutput } from '../../core/component.ts'
import type { Message } from '../../core/contracts/index.ts'
import { threadEntry } from '../../project/thread-entry.ts'
import { createDispatchHandler } from './dispatch.ts'
import { inWorkers } from './evaluation.ts'
import { common, events, line, project, startAws, within } from './fixture.ts'
import { createIngestHandler } from './ingest.ts'
import type { DispatchProject } from './project.ts'

const aws = await startAws()
afterAll(() => aws.close())

test('what was stored is sent once, with its secret; windows close as they are due; what is refused is dead and counted', async () => {
  const lines: string[] = []
  let now = Date.parse('2026-03-01T10:01:00Z')
  const around = await aws.surroundings(lines, () => now)
  const sent: string[] = []
  const kind = defineOutput({
    name: 'stdout',
    summary: 'Keeps what it is sent.',
    config: z.strictObject({}),
    examples: [],
    create: (_, host) => ({
      async send({ alert }: Message) {
        if (alert.rule === 'odd') throw new Error('refused')
        sent.push(`${alert.rule} ${alert.mergedFrom?.count ?? 1} ${await host.secret('TOKEN')}`)
      },
    }),
  })
  const limits = { maxTries: 1, maxAgeMs: 1e9, timeoutMs: 5000, backoff: { baseMs: 1, capMs: 1 } }
  const dispatch = createDispatchHandler(
    {
      ...common,
      outputs: [{ name: 'stdout:all', kind, options: {}, publishers: [], delivery: { limits, concurrency: 1 } }],
      ...{ publishersOfRules: new Map(), sensitive: {} },
    },
    around,
    () => ({ get: async (name) => `value of ${name}`, advice: () => '' }),
  )
  const ingest = createIngestHandler(project, around)
  await ingest(
    events.kinesis([
      ['1', line(1)],
      ['2', line(3)],
      ['3', line(2)],
    ]),
    within(300_000),
  )
  await Promise.all([dispatch({}, within(120_000)), dispatch({}, within(120_000))])
  expect(sent.toSorted()).toEqual(['many 1 value of TOKEN', 'many 1 value of TOKEN'])
  now += 10 * 60_000
  await dispatch({ source: 'streamalert.schedule' }, within(120_000))
  expect(sent.slice(2)).toEqual(['many 2 value of TOKEN'])
  const dead = lines
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter((one) => 'DeadDeliveries' in one && one['DeadDeliveries'] === 1)
  expect(dead).toHaveLength(2)
})

test('publishers run in a worker without the environment: one that never returns, or that is not there, has the default publication sent', async () => {
  const lines: string[] = []
  const around = await aws.surroundings(lines)
  const sent: Record<string, unknown>[] = []
  const kind = defineOutput({
    name: 'stdout',
    summary: 'Keeps what it is sent.',
    config: z.strictObject({}),
    examples: [],
    create: () => ({ send: async ({ publication }: Message) => void sent.push(publication) }),
  })
  const limits = { maxTries: 1, maxAgeMs: 1e9, timeoutMs: 5000 }
  const named = { kind, options: {}, publishers: [], delivery: { limits, concurrency: 1 } }
  const handlerOf = (more: Partial<Pick<DispatchProject, 'publishing'>>) =>
    createDispatchHandler(
      {
        ...{ ...common, outputs: [{ name: 'stdout:all', ...named }], sensitive: {} },
        publishersOfRules: new Map([
          ['odd', { '*': ['stuck'] }],
          ['many', { '*': ['plain'] }],
        ]),
        ...more,
      },
      around,
    )
  const publishing = inWorkers(threadEntry('src/runtimes/aws/children/publishers'), { ruleTimeoutMs: 100 })
  const ingest = createIngestHandler(project, around)
  await ingest(events.kinesis([['1', line(1)]]), within(300_000))
  await handlerOf({ publishing })({}, within(120_000))
  const failed = sent.find((one) => 'publisherFailed' in one)
  expect(failed).toMatchObject({ rule: 'odd', publisherFailed: expect.stringMatching(/./) })
  expect(sent.find((one) => one !== failed)).toMatchObject({ title: 'mine', env: 0 })
  expect(lines.filter((text) => text.includes('PUBLISHER_FAILED'))).toHaveLength(1)
  await ingest(events.kinesis([['2', line(3)]]), within(300_000))
  await handlerOf({})({}, within(120_000))
  expect(sent.slice(2)).toMatchObject([{ publisherFailed: 'This package has no publisher stuck.' }])
  const broken = async () => Promise.reject(new Error('It cannot be loaded.'))
  await ingest(events.kinesis([['3', line(5)]]), within(300_000))
  await handlerOf({ publishing: broken })({}, within(120_000))
  expect(sent.slice(3)).toMatchObject([{ publisherFailed: 'It cannot be loaded.' }])
})
