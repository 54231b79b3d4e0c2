import { expect, test } from 'vitest'
import { allKinds } from '../core/kinds.ts'
import { outputs } from '../outputs/index.ts'
import { delivery, deliveryTo, outputDelivery } from './delivery.ts'

const to = (kind: { concurrency?: number; forPeople?: boolean }, own: object, all: object = {}) =>
  deliveryTo(kind, outputDelivery.parse(own), delivery.parse(all))

test('an output has the limits of all, and everything is told to machines', () => {
  expect(to({ concurrency: 4 }, {}, { timeout: '3s', backoff: { first: '100ms' } })).toEqual({
    limits: {
      maxTries: 300,
      maxAgeMs: 86_400_000,
      timeoutMs: 3_000,
      backoff: { baseMs: 100, capMs: 300_000 },
    },
    concurrency: 4,
  })
})

test('its own limits come first', () => {
  const own = { maxTries: 2, maxAge: '1h', timeout: '1s', concurrency: 8, backoff: { first: '1m', longest: '2s' } }
  expect(to({ concurrency: 4 }, own)).toEqual({
    limits: { maxTries: 2, maxAgeMs: 3_600_000, timeoutMs: 1_000, backoff: { baseMs: 60_000, capMs: 60_000 } },
    concurrency: 8,
  })
})

test('people are told no more than the rate limit, and machines only where they ask for one', () => {
  const all = { rateLimit: { perRule: 7 } }
  expect(to({ forPeople: true }, {}, all).rate).toEqual({ windowMs: 60_000, perRule: 7, perOutput: 240 })
  expect(to({ forPeople: true }, { rateLimit: { perOutput: 9 } }, all).rate).toMatchObject({ perRule: 7, perOutput: 9 })
  expect(to({ forPeople: true }, { rateLimit: false }, all)).not.toHaveProperty('rate')
  expect(to({}, {}, all)).not.toHaveProperty('rate')
  expect(to({}, { rateLimit: { window: '1h' } }, all).rate).toMatchObject({ windowMs: 3_600_000, perRule: 7 })
})

test('outputs that people read are declared as such', async () => {
  const names = (await allKinds(outputs)).filter(({ forPeople }) => forPeople).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['slack', 'teams', 'pagerduty', 'jira', 'smtp', 'opsgenie']))
  const machines = ['file', 'stdout', 'terminal', 'webhook', 'aws-sqs', 'kafka', 'elasticsearch', 'splunk-hec', 'tines']
  expect(names.filter((name) => machines.includes(name))).toEqual([])
})
