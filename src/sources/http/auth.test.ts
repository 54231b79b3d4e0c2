import { createHmac, hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { startHttp } from './fixture.ts'
import { http } from './index.ts'

test('a token is enough, however it is brought; any of several is valid', async () => {
  const { post, taken, counts } = await startHttp(
    { tokens: [`sha256:${hash('sha256', 'first')}`, 'secret:SECOND', 'secret:PAIR'] },
    { SECOND: 'second', PAIR: 'agent:third' },
  )
  const basic = (pair: string) => `Basic ${btoa(pair)}`
  const right = [
    'Bearer first',
    'bearer second',
    'Splunk first',
    'ApiKey second',
    basic('anyone:first'),
    basic('agent:third'),
  ]
  for (const [n, authorization] of right.entries()) {
    expect([authorization, (await post('/', `${n}`, { authorization })).status]).toEqual([authorization, 200])
  }
  const wrong = [
    'Bearer',
    'Bearer firs',
    `Bearer ${hash('sha256', 'first')}`,
    'Basic first',
    basic('other:third'),
    'first',
    '',
  ]
  for (const authorization of wrong) {
    const response = await post('/', 'refused', authorization ? { authorization } : {})
    expect([authorization, response.status]).toEqual([authorization, 401])
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
  }
  expect(await taken(right.length)).not.toContain('refused')
  expect(counts.get('refused')).toBe(wrong.length)
})

const seconds = () => Math.floor(Date.now() / 1_000)
const hmac = (text: string, key = 'shared') => createHmac('sha256', key).update(text).digest('hex')

test('a signature is enough: over the bytes as they were sent, and not too old', async () => {
  const schemes = ['github', 'slack', 'stripe', 'streamalert'] as const
  const { post } = await startHttp(
    { signatures: schemes.map((scheme) => ({ scheme, key: 'secret:HOOK' })), repeats: { body: false } },
    { HOOK: 'shared' },
  )
  const body = '{"type":"charge"}'
  const now = seconds()
  const old = now - 301
  const slack = (time: number) => ({
    'x-slack-request-timestamp': String(time),
    'x-slack-signature': `v0=${hmac(`v0:${time}:${body}`)}`,
  })
  const stripe = (time: number) => ({
    'stripe-signature': `t=${time},v1=${hmac('other')},v1=${hmac(`${time}.${body}`)},v0=x`,
  })
  const sent: [Record<string, string>, number][] = [
    [{ 'x-hub-signature-256': `sha256=${hmac(body)}` }, 200],
    [{ 'x-hub-signature-256': `sha256=${hmac(body, 'guess')}` }, 401],
    [{ 'x-hub-signature-256': 'sha256=' }, 401],
    [slack(now), 200],
    [slack(old), 401],
    [{ ...slack(now), 'x-slack-request-timestamp': String(now + 1) }, 401],
    [stripe(now), 200],
    [stripe(old), 401],
    [{ 'stripe-signature': `v1=${hmac(`.${body}`)}` }, 401],
    [{ 'x-streamalert-signature': `t=${now},v1=${hmac(`${now}.${body}`)}` }, 200],
  ]
  const statuses = []
  for (const [headers] of sent) statuses.push((await post('/', body, headers)).status)
  expect(statuses).toEqual(sent.map(([, status]) => status))
})

test('without tokens, a web page cannot make a browser post', async () => {
  const { post } = await startHttp()
  expect((await post('/', 'a', { origin: 'https://evil.example' })).status).toBe(403)
})

test('a configuration that lets everybody in from outside is none', () => {
  const problems = (config: Record<string, unknown>) =>
    http.config.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  for (const listen of ['0.0.0.0:8088', '[::]:8088', '10.0.0.1:1', 'logs.example.com:443', '127.example.com:80']) {
    expect(problems({ listen })).toEqual([expect.stringMatching(/^listen can be reached from outside/)])
  }
  for (const listen of ['127.0.0.1:8088', '127.1.2.3:0', '[::1]:8088', 'localhost:1'])
    expect(problems({ listen })).toBeUndefined()
  expect(problems({ listen: '0.0.0.0:1', tokens: ['secret:TOKEN'] })).toBeUndefined()
  expect(problems({ tokens: ['in clear text'] })).toEqual([expect.stringMatching(/^tokens.0 is neither/)])
  expect(problems({ listen: '127.0.0.1:99999' })).toHaveLength(1)
  expect(problems({ limits: { inFlight: '1MB' } })).toEqual([expect.stringMatching(/^limits.inFlight is less/)])
  expect(problems({ spool: { maxBytes: '100MB' } })).toEqual([expect.stringMatching(/^spool.maxBytes is less/)])
})
