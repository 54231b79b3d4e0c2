import { expect, test } from 'vitest'
import { maskAlert } from '../../outputs/shared/mask.ts'
import { createMemoryStore } from '../../stores/memory.ts'
import { commitOf, sampleEntry, sampleHit, start } from '../../testing/store/samples.ts'
import type { Alert, QuarantineEntry } from '../contracts/index.ts'
import { retryDead } from '../retry-dead.ts'
import { changeLife, lifePrefix } from '../staging/index.ts'
import { createFetch, createReader, type Desk, type Role } from './index.ts'

const arnOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const never = new AbortController().signal

const hits = Array.from({ length: 250 }, (_, n) => sampleHit({ n, rule: n % 50 === 0 ? 'rare' : 'often' }))
const large = sampleHit({ n: 900, rule: 'large' })
const entries = [
  ...Array.from({ length: 120 }, (_, n) => sampleEntry(n + 1)),
  sampleEntry(500, { reason: 'RECORD_TOO_LONG', raw: new Uint8Array(300_000).fill(0xff) }),
]
const masks = {
  alert: (alert: Alert) => maskAlert(alert, ['n']),
  entry: (entry: QuarantineEntry) => ({ ...entry, message: 'hidden' }),
}

/** An api over two clusters; the roles `viewer`, `responder`, `admin` have that role in `prod`, and nothing in `pci`. */
async function open(change: Partial<Desk> = {}) {
  const store = createMemoryStore()
  const big = { ...large.record, data: { text: 'x'.repeat(300_000) } }
  await store.commit(commitOf({ hits: [...hits, { ...large, record: big }], quarantine: entries }))
  const dead = hits
    .slice(0, 3)
    .map(({ id }) => ({ alert: id, output: 'file:alerts', state: 'dead', error: 'no' }) as const)
  await store.settle(dead, start + 1)
  const retried: string[] = []
  const now = () => start + 10
  const desk = (role: Role): Desk => ({
    reader: createReader(store, { now, newest: 100, ...(role !== 'admin' && { masks }) }),
    retryDead: (which, most) => retryDead(store, which, now(), most),
    async retryQuarantined(ids) {
      retried.push(...ids)
      const failed = ids.filter((_, n) => n % 10 === 0)
      await store.release(ids.filter((id) => !failed.includes(id)))
      return { passed: ids.length - failed.length, failed: failed.length, alerts: 1 }
    },
    changeRule: (asked) => changeLife(store, asked, { now: now(), maxAlerts: 3 }),
    ...change,
  })
  const failures: unknown[] = []
  const fetch = createFetch({
    clusters: new Map([
      ['prod', desk],
      ['pci', desk],
    ]),
    grants: (['viewer', 'responder', 'admin'] as const).map((role) => {
      return { principals: [arnOf(role)], role, clusters: ['prod', ...(role === 'admin' ? ['gone'] : [])] }
    }),
    failed: (error) => failures.push(error),
  })
  const ask = async (who: string | undefined, request: string, body?: unknown, signal = never) => {
    const [method = '', target = ''] = request.split(' ')
    const [path = '', query = ''] = target.split('?')
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch({ method, path, query, ...sent, caller: who && arnOf(who) }, signal)
    return { ...response, answer: JSON.parse(response.body) as Record<string, unknown> }
  }
  return { store, ask, retried, failures }
}

const id = hits[0]!.id
const matrix: readonly (readonly [request: string, viewer: number, responder: number, admin: number])[] = [
  ['GET /v1', 200, 200, 200],
  ['GET /v1/clusters/prod/status', 200, 200, 200],
  ['GET /v1/clusters/prod/alerts', 200, 200, 200],
  [`GET /v1/clusters/prod/alerts/${id}`, 200, 200, 200],
  ['GET /v1/clusters/prod/dead', 200, 200, 200],
  ['POST /v1/clusters/prod/dead/retry', 403, 200, 200],
  ['GET /v1/clusters/prod/rules', 200, 200, 200],
  ['POST /v1/clusters/prod/rules/promote', 403, 400, 400],
  ['GET /v1/clusters/prod/quarantine', 403, 200, 200],
  ['GET /v1/clusters/prod/quarantine/groups', 403, 200, 200],
  ['POST /v1/clusters/prod/quarantine/retry', 403, 200, 200],
  ['GET /v1/clusters/pci/status', 403, 403, 403],
  ['GET /v1/clusters/gone/status', 403, 403, 404],
  ['GET /v1/clusters/__proto__/status', 403, 403, 403],
]

test('who may do what: strangers nothing, viewers look, responders try again, admins see all; nobody another cluster', async () => {
  const { ask } = await open()
  for (const [request, ...expected] of matrix) {
    const found = await Promise.all(['viewer', 'responder', 'admin'].map((who) => ask(who, request)))
    expect([request, ...found.map(({ status }) => status)]).toEqual([request, ...expected])
    for (const who of ['stranger', undefined])
      expect([request, (await ask(who, request)).status]).toEqual([request, 403])
  }
  const { answer } = await ask('viewer', 'POST /v1/clusters/prod/dead/retry')
  expect(answer['error']).toEqual({
    code: 'API_FORBIDDEN',
    message: 'This takes the role responder in the cluster prod; you are viewer.',
    hint: 'Roles are given by aws.api.access in streamalert.yaml.',
  })
  expect((await ask('responder', 'GET /v1')).answer).toEqual({ clusters: [{ name: 'prod', role: 'responder' }] })
})

test('what is not there is 404, another method 405, and all that is wrong with a request is said at once', async () => {
  const { ask } = await open()
  const status = async (request: string, body?: unknown) => (await ask('admin', request, body)).status
  for (const path of [
    '/',
    '/v2/clusters/prod/status',
    '/v1/clusters/prod',
    '/v1/clusters/prod/nothing',
    '/v1/clusters/prod/alerts/:id',
  ])
    expect([path, await status(`GET ${path}`)]).toEqual([path, 404])
  for (const path of ['constructor', 'alerts/abcd/more', 'alerts/%E0%A4%A', 'quarantine/toString'])
    expect([path, await status(`GET /v1/clusters/prod/${path}`)]).toEqual([path, 404])
  expect(await status('GET /v1/clusters/prod/alerts/ffffffff')).toBe(404)
  expect(await ask('admin', 'DELETE /v1/clusters/prod/alerts')).toMatchObject({
    status: 405,
    headers: { allow: 'GET' },
  })
  const wrong = 'limit=5000&severity=loud&since=yesterday&colour=red&rule=a&rule=b&cursor=-1'
  const { status: code, answer } = await ask('admin', `GET /v1/clusters/prod/alerts?${wrong}`)
  expect(code).toBe(400)
  const { problems } = answer['error'] as { problems: { message: string }[] }
  expect(new Set(problems.map(({ message }) => message.split(' ')[0]))).toEqual(
    new Set(['colour', 'cursor', 'limit', 'rule', 'severity', 'since']),
  )
  const retry = 'POST /v1/clusters/prod/dead/retry'
  expect(await status(retry, 'no json')).toBe(400)
  expect(await status(retry, [])).toBe(400)
  expect(await status(retry, { alerts: 'all', __proto__: null, x: 1 })).toBe(400)
  expect(await status(retry, { alerts: Array.from({ length: 101 }, () => 'abcdef') })).toBe(400)
  expect(await status(retry, ' '.repeat(70_000))).toBe(413)
})

test('pages of alerts hold them all, each once; what is large stands by itself only; sensitive fields are for admins', async () => {
  const { ask } = await open()
  const found: { alert: Alert }[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const { answer, status } = await ask(
      'viewer',
      `GET /v1/clusters/prod/alerts?limit=1000${cursor && `&cursor=${cursor}`}`,
    )
    expect(status).toBe(200)
    found.push(...(answer['alerts'] as never as typeof found))
    cursor = answer['cursor'] as string | undefined
  }
  expect(new Set(found.map(({ alert }) => alert.id)).size).toBe(251)
  expect(found).toHaveLength(251)
  expect(found[0]!.alert.record.data).toEqual({ 'streamalert:left-out': expect.stringContaining('bytes') })
  const shown = async (who: string, one: string) =>
    ((await ask(who, `GET /v1/clusters/prod/alerts/${one}`)).answer['alert'] as never as Alert).record.data
  expect(await shown('viewer', large.id)).toHaveProperty('text')
  expect(await shown('viewer', id)).toMatchObject({ n: '•••' })
  expect(await shown('admin', id)).toMatchObject({ n: 0 })
  const few = await ask('admin', 'GET /v1/clusters/prod/alerts?rule=rare&limit=2&cursor=3')
  expect((few.answer['alerts'] as unknown[]).length).toBe(2)
  expect((await ask('viewer', 'GET /v1/clusters/prod/status')).answer).toMatchObject({
    outputs: [{ output: 'file:alerts', dead: 3 }],
    sizes: {},
  })
})

test('what failed is tried again: dead deliveries, and quarantine by pages, from which what passed is gone', async () => {
  const { ask, retried, store } = await open()
  const { answer: listed } = await ask('viewer', 'GET /v1/clusters/prod/dead?limit=2')
  expect(listed).toMatchObject({ dead: [{ output: 'file:alerts', error: 'no' }, {}], cursor: '2' })
  const again = await ask('responder', 'POST /v1/clusters/prod/dead/retry', { alerts: [id], output: 'file:alerts' })
  expect(again.answer).toEqual({ retried: 1, more: false })
  expect(await store.deadDeliveries({ limit: 9 })).toHaveLength(2)

  const all = await ask('responder', 'GET /v1/clusters/prod/quarantine?reason=RECORD_TOO_LONG')
  expect(all.answer['entries']).toMatchObject([{ message: 'hidden', base64: expect.stringMatching(/^\/{9}/) }])
  const query = { reason: 'RECORD_NO_SCHEMA' }
  const first = await ask('responder', 'POST /v1/clusters/prod/quarantine/retry', query)
  expect(first.answer).toEqual({ passed: 90, failed: 10, alerts: 1, cursor: '10' })
  const rest = await ask('responder', 'POST /v1/clusters/prod/quarantine/retry', { ...query, cursor: '10' })
  expect(rest.answer).toEqual({ passed: 18, failed: 2, alerts: 1 })
  expect(new Set(retried).size).toBe(120)
})

test('rules are staged and promoted, beside whoever else does', async () => {
  const { ask, store } = await open()
  await store.set(`${lifePrefix}rare`, JSON.stringify({ firstSeen: 1, declared: null }))
  const wanted = { rule: 'rare', forMs: 3_600_000 }
  const staged = await ask('responder', 'POST /v1/clusters/prod/rules/stage', wanted)
  const life = { staged: { since: start + 10, until: start + 3_600_010, maxAlerts: 3, by: 'hand' } }
  expect(staged.answer).toMatchObject({ changed: true, life })
  expect((await ask('viewer', 'GET /v1/clusters/prod/rules')).answer['rules']).toMatchObject([
    { rule: 'large', alerts: 1 },
    { rule: 'often' },
    { rule: 'rare', alerts: 5, life, stagedAlerts: 0 },
  ])
  const promote = () => ask('responder', 'POST /v1/clusters/prod/rules/promote', { rule: 'rare' })
  expect((await promote()).answer).toMatchObject({ changed: true, life: { promotedAt: start + 10, by: 'hand' } })
  expect((await promote()).answer).toMatchObject({ changed: false })
  expect((await ask('responder', 'POST /v1/clusters/prod/rules/promote', { rule: 'gone' })).status).toBe(404)
  expect((await ask('responder', 'POST /v1/clusters/prod/rules/stage', { rule: 'rare', forMs: 1 })).status).toBe(400)
  // Somebody else decides between the look and the write.
  let looks = 0
  const busy = {
    get: store.get,
    async set(...[key, value, condition]: Parameters<typeof store.set>) {
      if (looks++ === 0) await store.set(key, JSON.stringify({ firstSeen: 2, declared: null }))
      return store.set(key, value, condition)
    },
  }
  const changed = await changeLife(busy, { action: 'stage', rule: 'rare' }, { now: start, maxAlerts: 0 })
  expect([looks, changed.life.firstSeen]).toEqual([2, 2])
})

test('what takes too long, or fails behind the api, is told without what it was', async () => {
  const secret = new Error('password 1234')
  const { ask, failures } = await open({
    retryDead: () => Promise.reject(secret),
    retryQuarantined: () => new Promise(() => {}),
  })
  const failed = await ask('admin', 'POST /v1/clusters/prod/dead/retry')
  expect(failed.status).toBe(500)
  expect(failed.body).not.toContain('1234')
  expect(failures).toEqual([secret])
  const late = await ask('admin', 'POST /v1/clusters/prod/quarantine/retry', undefined, AbortSignal.timeout(20))
  expect([late.status, late.answer['error']]).toMatchObject([503, { code: 'API_SLOW' }])
})
