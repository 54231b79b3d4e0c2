/**
 * Sends what a state file holds until nothing is left: `node dispatch.ts <state file> <url> <name>`. The process says `name`
 * with each request (`x-sender`), and prints the id of each alert that it took to have failed.
 */
import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDispatcher } from '../../../core/dispatch/index.ts'
import webhook from '../../../outputs/webhook.ts'
import { delivery as options, deliveryTo } from '../../../project/delivery.ts'
import { openSqliteStore } from '../../../stores/sqlite/index.ts'
import { createOutputHost } from '../../../testing/output-host.ts'

// It may be killed before it could keep its compiled code for the next one.
flushCompileCache()
const [path = '', url = '', name = ''] = process.argv.slice(2)
const delivery = options.parse({ timeout: '2s', backoff: { first: '50ms', longest: '200ms' } })
const host = { ...createOutputHost(), now: Date.now }
const output = webhook.create(webhook.config.parse({ url, headers: { 'x-sender': name } }), host)
const { limits, concurrency } = deliveryTo(webhook, { concurrency: 8 }, delivery)
const store = openSqliteStore(path)
const dispatcher = createDispatcher({
  store,
  outputs: new Map([['webhook:flaky', { output, concurrency }]]),
  now: Date.now,
  random: Math.random,
  log: () => {},
  limits,
  onSettled: ({ alert, state }) => state === 'sent' || process.stdout.write(`${alert}\n`),
})
const { signal } = new AbortController()
for (;;) {
  const { next } = await dispatcher.dispatch(signal, { latenessMs: 0 })
  if ((await store.due()).length === 0) break
  await sleep(Math.min(Math.max((next ?? 0) - Date.now(), 5), 1_000))
}
await store.close()
