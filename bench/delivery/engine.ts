/** From a record to the request: the whole engine, which follows a file and sends each record's alert to a webhook. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { registerResolve } from '../../src/project/index.ts'
import { startEngine } from '../../src/runtimes/embedded/engine.ts'
import type { Webhook } from './server.ts'

const config = (url: string) => `
sources: { file: { app: { paths: ['logs/*'], schemas: ['bench:events'] } } }
outputs: { webhook: { far: { url: '${url}' } } }
defaults: { outputs: ['webhook:far'] }
terminal: false
workers: { count: 1 }
`
const schema = `
import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const events = defineSchema({
  name: 'bench:events', description: 'Events.', parse: json(), fields: { written: 'integer' },
})
`
const rule = `
import { defineRule } from 'streamalert'
import { events } from '../schemas/events.ts'
export default defineRule({
  name: 'each', description: 'Each.', severity: 'low', schemas: [events], match: () => true,
})
`

/** Milliseconds from writing a record to its request, of `records` records, one every `everyMs`. */
export async function recordToRequest(
  dir: string,
  webhook: Webhook,
  { records, everyMs }: { readonly records: number; readonly everyMs: number },
): Promise<readonly number[]> {
  for (const folder of ['logs', 'rules', 'schemas']) mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(join(dir, 'streamalert.yaml'), config(webhook.url))
  writeFileSync(join(dir, 'schemas/events.ts'), schema)
  writeFileSync(join(dir, 'rules/each.ts'), rule)
  const log = join(dir, 'logs/a.json')
  const write = () => appendFileSync(log, `${JSON.stringify({ written: Date.now() })}\n`)
  write()
  registerResolve()
  const screen = { colour: false, columns: 80, write: () => {} }
  const engine = await startEngine({ projectDir: dir, once: false, screen, env: {}, events: { log: () => {} } })
  await sleep(2_000)
  await webhook.taken()
  for (let n = 0; n < records; n++) {
    write()
    await sleep(everyMs)
  }
  await sleep(2_000)
  await engine.stop()
  const arrivals = await webhook.taken()
  if (arrivals.length !== records) throw new Error(`${arrivals.length} of ${records} records arrived`)
  return arrivals.map(({ at, body }) => at - (JSON.parse(body) as { record: { written: number } }).record.written)
}
