import { hash } from 'node:crypto'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { LogLine } from '../../../core/contracts/index.ts'
import { sourcesKey } from '../../../core/health/index.ts'
import { config } from '../../../project/config.ts'
import { createMemoryStore } from '../../../stores/memory.ts'
import { appProject, removeFolder, ruleText, startProject, until } from '../fixture.ts'
import { createMetricsServer } from './server.ts'

const secrets = async (name: string) => (name === 'SCRAPER' ? 'a token' : Promise.reject(new Error('none')))
const settings = (listen: string, tokens: readonly string[] = []) =>
  config.parse({ metrics: { listen, tokens } }).metrics

async function start() {
  const store = createMemoryStore()
  const lines: LogLine[] = []
  const now = () => 100_000
  const families = async () => [{ name: 'a', type: 'gauge', help: 'A.', samples: [{ value: 1 }] }] as const
  const server = createMetricsServer({ collector: { families }, store, now, log: (line) => lines.push(line) })
  onTestFinished(() => server.close())
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.port()}${path}`, { headers: { connection: 'close', ...headers }, method })
  return { server, store, lines, get }
}

test('metrics are read without a token on loopback, but not by a web page', async () => {
  const { server, get } = await start()
  await server.enter(settings('127.0.0.1:0'), secrets)
  const text = await get('/metrics')
  expect(text.headers.get('content-type')).toContain('version=0.0.4')
  expect(await text.text()).toBe('# HELP a A.\n# TYPE a gauge\na 1\n')
  const open = await get('/metrics', { accept: 'application/openmetrics-text' })
  expect(await open.text()).toMatch(/# EOF\n$/)
  expect((await get('/metrics', { origin: 'https://evil.example' })).status).toBe(403)
  expect((await get('/other')).status).toBe(404)
  expect((await get('/metrics', {}, 'POST')).status).toBe(405)
})

test('with tokens, one of them is asked for; health is told to anybody', async () => {
  const { server, store, get } = await start()
  await server.enter(settings('127.0.0.1:0', ['secret:SCRAPER', `sha256:${hash('sha256', 'other')}`]), secrets)
  const status = async (authorization?: string) =>
    (await get('/metrics', authorization ? { authorization } : {})).status
  expect(await status()).toBe(401)
  expect(await status('Bearer wrong')).toBe(401)
  expect([await status('Bearer a token'), await status('Bearer other')]).toEqual([200, 200])

  expect((await get('/healthz')).status).toBe(503)
  await store.set(sourcesKey, JSON.stringify({ at: 80_000, sources: {} }))
  expect((await get('/healthz')).status).toBe(200)
  await store.set(sourcesKey, JSON.stringify({ at: 60_000, sources: {} }))
  expect((await get('/healthz')).status).toBe(503)
})

test('it goes where the configuration says, and an address that is taken costs nothing else', async () => {
  const { server, lines } = await start()
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as { port: number }
  await server.enter(settings(`127.0.0.1:${port}`), secrets)
  expect(server.port()).toBeUndefined()
  expect(lines).toMatchObject([{ code: 'METRICS_FAILED' }])
  await server.enter(settings('127.0.0.1:0'), secrets)
  const first = server.port()
  await server.enter(settings('127.0.0.1:0', ['secret:SCRAPER']), secrets)
  expect(server.port()).toBe(first)
  await server.enter(undefined, secrets)
  expect(server.port()).toBeUndefined()
})

test('beyond loopback a token is needed', () => {
  const faults = (listen: string, tokens: readonly string[]) =>
    config.safeParse({ metrics: { listen, tokens } }).error?.issues.map(({ path }) => path.join('.'))
  expect(faults('0.0.0.0:9464', [])).toEqual(['metrics.tokens'])
  expect(faults('0.0.0.0:9464', ['plain'])).toContain('metrics.tokens.0')
  expect(faults('0.0.0.0:9464', ['secret:SCRAPER'])).toBeUndefined()
  expect(faults('[::1]:9464', [])).toBeUndefined()
})

describe('a running engine', () => {
  let dir: string
  let text = ''
  beforeAll(async () => {
    const bad = ruleText('bad', `throw new Error('no')`)
    dir = appProject({ each: ruleText('each', 'return true'), bad }, { more: `metrics: { listen: '127.0.0.1:0' }\n` })
    let url = ''
    let sent = 0
    const engine = await startProject(dir, {
      once: false,
      events: {
        log: (line) => void (line.code === 'METRICS_LISTENING' && (url = String(line['url']))),
        settled: () => void sent++,
      },
    })
    await until(() => sent === 50)
    text = await (await fetch(url)).text()
    await engine.stop()
  })
  afterAll(() => removeFolder(dir))

  test('tells of sources, records, rules, alerts, deliveries and itself', () => {
    for (const line of [
      'streamalert_records_total{source="file:app",schema="app:events",cluster="default"} 50',
      'streamalert_alerts_total{rule="each",severity="low",staged="false"} 50',
      'streamalert_delivery_attempts_total{output="file:alerts",outcome="sent"} 50',
      'streamalert_rule_errors_total{rule="bad",code="RULE_THREW"} 50',
      'streamalert_source_up{source="file:app"} 1',
      'streamalert_source_errors_total{source="file:app"} 0',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).toMatch(/^streamalert_source_rate\{source="file:app"\} \d/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m)
  })
})
