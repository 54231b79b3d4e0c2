import { gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startHttp } from '../fixture.ts'

test('takes JSON, lists, JSON lines, text and CSV, compressed or not, on any path', async () => {
  const { post, taken, engine } = await startHttp()
  const json = { 'content-type': 'application/json' }
  const sent: [string | Uint8Array<ArrayBuffer>, Record<string, string>][] = [
    ['{"n": 1}', json],
    ['[{"n":2},{"n":3}]', json],
    ['{"n":4}\n{"n":5}\n', json],
    ['{"n":6}\n{"n":7', { 'content-type': 'application/x-ndjson' }],
    ['Nov 22 08:00:00 host sshd[1]: line', { 'content-type': 'text/plain' }],
    ['a,b\n1,2\n', { 'content-type': 'text/csv' }],
    ['curl says it is a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    [gzipSync('in gzip'), { 'content-encoding': 'gzip' }],
    [zstdCompressSync('in zstd'), { 'content-encoding': 'zstd', 'content-type': 'text/plain' }],
    [gzipSync('{"n":8}'), { ...json, 'content-encoding': 'gzip' }],
    [gzipSync('a file as it is'), { 'content-type': 'application/gzip' }],
  ]
  for (const [body, headers] of sent) {
    const response = await post('/any/path', body, headers)
    expect(await response.json()).toEqual({ status: 'stored' })
    expect(response.status).toBe(200)
  }
  const texts = await taken(14)
  expect(texts.toSorted()).toEqual(
    [
      ...['{"n": 1}', '[{"n":2},{"n":3}]', '{"n":4}', '{"n":5}', '{"n":6}', '{"n":7', '{"n":8}', 'a,b', '1,2'],
      ...['Nov 22 08:00:00 host sshd[1]: line', 'curl says it is a form', 'in gzip', 'in zstd', 'a file as it is'],
    ].toSorted(),
  )
  // A header is the first line of its own origin.
  const csv = engine.taken.find(({ text }) => text === 'a,b')
  expect(csv?.position).toMatch(/#0$/)
})

test('what says it is JSON and is not is refused as a whole, with the reason for each value', async () => {
  const { post, counts, stop, texts } = await startHttp()
  const response = await post('/', '{"n":1}\n{"n":\n{"n":3}', { 'content-type': 'application/json' })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: 'The body is not JSON; nothing of it was taken.',
    events: [{ index: 1, reason: expect.stringMatching(/JSON/) }],
  })
  expect((await post('/', '')).status).toBe(400)
  expect(counts.get('refused')).toBe(4)
  await stop()
  expect(texts()).toEqual([])
})

test('answers what is no POST', async () => {
  const { url } = await startHttp({ protocols: ['plain'] })
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })
  const wrong = await fetch(`${url}/logs`)
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
})

test('takes the original text out of the objects that agents make of it', async () => {
  const { post, taken } = await startHttp({ text: ['log', 'message'] })
  const body = '[{"date":1,"log":"from Fluent Bit"},{"message":"from Vector"},{"other":1}]'
  await post('/', body, { 'content-type': 'application/json' })
  expect((await taken(3)).toSorted()).toEqual(['from Fluent Bit', 'from Vector', '{"other":1}'])
})
