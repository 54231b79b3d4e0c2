/**
 * Alerts stored, merged and delivered a second to a webhook on loopback; how long a record takes to its request; and what a
 * flood of one rule does to another rule's alert.
 *
 *   node bench/delivery.bench.ts            writes bench/results/delivery.json
 *   node bench/delivery.bench.ts --quick    shows that it runs
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hit, RateLimits, Store } from '../src/core/contracts/index.ts'
import { createDispatcher, type Dispatcher } from '../src/core/dispatch/index.ts'
import webhookKind from '../src/outputs/webhook.ts'
import { openSqliteStore } from '../src/stores/sqlite/index.ts'
import { createOutputHost } from '../src/testing/output-host.ts'
import { commitOf, sampleHit, type SampleHit } from '../src/testing/store/samples.ts'
import { recordToRequest } from './delivery/engine.ts'
import { startWebhook } from './delivery/server.ts'
import { machine, rounded } from './measure.ts'

const quick = process.argv.includes('--quick')
const scale = quick ? 0.02 : 1
const count = 20_000 * scale
const flood = 100_000 * scale
const atOnce = 500
const output = 'webhook:far'

const scratch = mkdtempSync(join(tmpdir(), 'streamalert-bench-'))
const webhook = await startWebhook()
const results: Record<string, number> = {}
try {
  // First, for the sake of the memory that it takes.
  Object.assign(results, await withStore('flood', floodOf))
  results['alerts stored a second'] = await withStore('stored', async (store) =>
    perSecond(count, () => add(store, count, {})),
  )
  results['hits merged a second'] = await withStore('merged', async (store) =>
    perSecond(count, async () => {
      await add(store, count, { window: { count: 1 } })
      await store.closeWindows({ now: Date.now(), latenessMs: 0, all: true })
    }),
  )
  results['alerts delivered a second'] = await withStore('delivered', async (store) => {
    await add(store, count, {})
    return perSecond(count, () => sendAll(dispatcherOf(store)))
  })
  Object.assign(results, await withStore('limited', limitedOf))
  const delays = await recordToRequest(join(scratch, 'project'), webhook, { records: 500 * scale, everyMs: 20 })
  results['record to request, p50, ms'] = percentile(delays, 0.5)
  results['record to request, p99, ms'] = percentile(delays, 0.99)
} finally {
  await webhook.close()
  rmSync(scratch, { recursive: true, force: true })
}
console.table(results)
if (!quick) {
  const report = { date: new Date().toISOString(), machine: machine(), alerts: count, flood, results }
  writeFileSync(new URL('results/delivery.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
}

async function withStore<T>(name: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = openSqliteStore(join(scratch, `${name}.db`))
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Commits hits, some hundreds at a time, as the engine does. */
async function add(store: Store, n: number, more: Partial<SampleHit>, rates?: RateLimits): Promise<void> {
  for (let from = 0; from < n; from += atOnce) {
    const hits = Array.from(
      { length: Math.min(atOnce, n - from) },
      (_, i): Hit => sampleHit({ n: from + i, at: 0, key: `k${i % 100}`, outputs: [output], ...more }),
    )
    await store.commit({ ...commitOf({ hits, now: Date.now() }), ...(rates && { rates }) })
  }
}

async function perSecond(n: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return Math.round((n / (performance.now() - start)) * 1_000)
}

function dispatcherOf(store: Store): Dispatcher {
  const host = { ...createOutputHost(), now: Date.now }
  const far = webhookKind.create(webhookKind.config.parse({ url: webhook.url }), host)
  return createDispatcher({
    store,
    outputs: new Map([[output, { output: far, concurrency: webhookKind.concurrency ?? 1 }]]),
    now: Date.now,
    random: Math.random,
    log: () => {},
    limits: { maxTries: 5, maxAgeMs: 86_400_000, timeoutMs: 10_000 },
  })
}

function sendAll(dispatcher: Dispatcher, signal = new AbortController().signal) {
  return dispatcher.dispatch(signal, { latenessMs: 0 })
}

/** With a flood of one rule in the store and being sent: how long another rule's alert takes, and what memory. */
async function floodOf(store: Store): Promise<Record<string, number>> {
  await add(store, flood, { rule: 'flood' })
  const dispatcher = dispatcherOf(store)
  const stop = new AbortController()
  const sending = sendAll(dispatcher, stop.signal)
  const delays: number[] = []
  await webhook.taken()
  for (let n = 0; n < 20 * Math.max(scale, 0.1); n++) {
    const start = Date.now()
    const hit = sampleHit({ n: 1_000_000 + n, rule: 'rare', outputs: [output] })
    await store.commit(commitOf({ hits: [hit], now: start }))
    for (let at: number | undefined; at === undefined; ) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      at = (await webhook.taken()).find(({ id }) => id === hit.id)?.at
      if (at !== undefined) delays.push(at - start)
    }
  }
  stop.abort()
  await sending
  return {
    "another rule's alert in a flood, most, ms": Math.max(...delays),
    'memory in a flood, MB': Math.round(process.memoryUsage().rss / 1e6),
  }
}

/** The same flood where a rate limit holds: how fast it is stored, and what is sent of it. */
async function limitedOf(store: Store): Promise<Record<string, number>> {
  const rates: RateLimits = new Map([[output, { windowMs: 3_600_000, perRule: 60, perOutput: 240 }]])
  const speed = await perSecond(flood, () => add(store, flood, { rule: 'flood' }, rates))
  const start = performance.now()
  await store.raiseDigests({ now: Date.now(), all: true })
  const digestMs = rounded(performance.now() - start, 1)
  await webhook.taken()
  await sendAll(dispatcherOf(store))
  return {
    'alerts stored a second, with a rate limit': speed,
    'the digest of a flood, ms': digestMs,
    'requests of a flood with a rate limit': (await webhook.taken()).length,
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
