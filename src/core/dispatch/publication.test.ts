import { expect, test } from 'vitest'
import { createMemoryStore } from '../../stores/memory.ts'
import { sampleAlert } from '../../testing/sample-alert.ts'
import type { Message } from '../contracts/index.ts'
import { publish } from '../publish.ts'
import { createDispatcher, type DispatcherOptions } from './index.ts'

/** Stores one alert for two outputs and sends it; what each output was given. */
async function messages(publication?: NonNullable<DispatcherOptions['publication']>) {
  const store = createMemoryStore()
  const { id, rule, severity, title, description, context, record } = sampleAlert
  const hit = { id, rule, mode: 'live', severity, title, description, context, record } as const
  const outputs = ['webhook:a', 'webhook:b']
  const result = { hits: [{ ...hit, outputs }], quarantine: [], counts: [], bytes: 0, records: 1 }
  await store.commit({ results: [result], state: [], now: 0 })
  const sent = new Map<string, Message>()
  const output = (name: string) => ({
    output: { send: async (message: Message) => void sent.set(name, message) },
    concurrency: 1,
  })
  const dispatcher = createDispatcher({
    store,
    outputs: new Map(outputs.map((name) => [name, output(name)])),
    now: () => 0,
    random: () => 0,
    log: () => {},
    limits: { maxTries: 1, maxAgeMs: 1000, timeoutMs: 1000 },
    ...(publication && { publication }),
  })
  await dispatcher.dispatch(new AbortController().signal, { latenessMs: 0 })
  return sent
}

test('each output is told what publishers say for it', async () => {
  const sent = await messages(async (alert, output) => ({ said: `${alert.rule} to ${output}` }))
  expect([...sent].map(([name, { publication }]) => [name, publication])).toEqual([
    ['webhook:a', { said: 'sudo-in-pci to webhook:a' }],
    ['webhook:b', { said: 'sudo-in-pci to webhook:b' }],
  ])
})

test('without publishers: the default publication', async () => {
  const { alert, publication } = (await messages()).get('webhook:a')!
  expect(publication).toEqual(publish(alert))
})
