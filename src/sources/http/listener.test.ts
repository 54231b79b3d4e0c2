import { writeFile } from 'node:fs/promises'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { untrustedCertificate, untrustedKey } from '../../testing/untrusted-certificate.ts'
import { createSourceEngine } from '../../testing/source-engine.ts'
import { createPlace, startHttp } from './fixture.ts'

const small = { limits: { body: '10KB', decompressed: '20KB', inFlight: '40KB' } }

test('a body that is too large is refused: as it is sent, and as it grows', async () => {
  const { post, url, counts, taken } = await startHttp(small)
  const encoded = { 'content-encoding': 'gzip' }
  expect((await post('/', 'x'.repeat(10_241))).status).toBe(413)
  const unannounced = new ReadableStream({
    start(controller) {
      for (let n = 0; n < 20; n++) controller.enqueue(Buffer.alloc(1_000, 'x'))
      controller.close()
    },
  })
  // Streams need `duplex`, of which not every declaration of the type knows.
  const streamed: RequestInit & { readonly duplex: 'half' } = { method: 'POST', body: unannounced, duplex: 'half' }
  expect((await fetch(url, streamed)).status).toBe(413)
  expect((await post('/', gzipSync('x'.repeat(21_000)), encoded)).status).toBe(413)
  // A bomb: 5 MB in 5 KB, for a listener that would take so much.
  const large = await startHttp({ limits: { ratio: 100 } })
  expect((await large.post('/', gzipSync(Buffer.alloc(5_000_000)), encoded)).status).toBe(413)
  // The connection and its neighbours go on.
  expect((await post('/', 'x'.repeat(10_240))).status).toBe(200)
  expect(await taken(1)).toHaveLength(1)
  expect(counts.get('refused')).toBe(3)
})

test('compression that is damaged or unknown is refused', async () => {
  const { post } = await startHttp()
  expect((await post('/', 'plain', { 'content-encoding': 'gzip' })).status).toBe(400)
  expect((await post('/', gzipSync('cut off').subarray(0, 15), { 'content-encoding': 'gzip' })).status).toBe(400)
  const unknown = await post('/', 'x', { 'content-encoding': 'br' })
  expect([unknown.status, unknown.headers.get('accept-encoding')]).toEqual([415, 'gzip, zstd, identity'])
})

test('bytes under way are bounded: more is to come later', async () => {
  const { url, post } = await startHttp({ limits: { ...small.limits, inFlight: '12KB' } })
  const { port } = new URL(url)
  // One that has sent most of its body and waits.
  const slow = connect(Number(port), '127.0.0.1')
  slow.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10000\r\n\r\n${'x'.repeat(9_999)}`)
  await vi.waitFor(async () => {
    const response = await post('/', 'y'.repeat(5_000))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5'])
  })
  const answered = new Promise((resolve) => slow.once('data', (data) => resolve(data.toString().split('\r\n')[0])))
  slow.write('x')
  expect(await answered).toBe('HTTP/1.1 200 OK')
  slow.destroy()
  expect((await post('/', 'y'.repeat(5_000))).status).toBe(200)
})

/** What a server says to bytes of a client that then keeps silent. */
const said = (url: string, bytes: string) =>
  new Promise<string>((resolve) => {
    const { port } = new URL(url)
    let text = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })

test('who sends slowly, or garbage, is cut off', async () => {
  const { url, post } = await startHttp({ limits: { headerTime: '100ms', requestTime: '200ms', headers: '1KB' } })
  const answers = await Promise.all([
    said(url, 'POST / HTTP/1.1\r\nhost: a\r\nx-slow: '),
    said(url, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nslow'),
    said(url, '\u0016\u0003\u0001 garbage\r\n\r\n'),
    said(url, `POST / HTTP/1.1\r\nhost: a\r\nx-large: ${'x'.repeat(2_000)}\r\n\r\n`),
    said(url, 'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
  ])
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['408', '408', '400', '431', '400'])
  expect((await post('/', 'still there')).status).toBe(200)
})

test('connections are bounded', async () => {
  const { url } = await startHttp({ limits: { connections: 1 } })
  const { port } = new URL(url)
  const first = connect(Number(port), '127.0.0.1')
  await new Promise((resolve) => first.once('connect', resolve))
  expect(await said(url, 'GET /health HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('')
  first.destroy()
})

test('a sender that asks before it sends a body is told early', async () => {
  const { url } = await startHttp({ tokens: ['secret:TOKEN'] }, { TOKEN: 'right' })
  const ask = (token: string) =>
    said(
      url,
      `POST / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\nx`,
    )
  expect(await ask('right')).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/)
  expect(await ask('wrong')).toMatch(/^HTTP\/1.1 401/)
})

test('a full spool asks to come again later, and takes again when there is room', async () => {
  let taking = false
  const { post, taken, texts } = await startHttp(
    { limits: { body: '4KB', decompressed: '4KB' }, spool: { maxBytes: '32KB' } },
    {},
    { verdict: () => (taking ? 'take' : 'refuse') },
  )
  const full = []
  for (let n = 0; n < 12; n++) full.push((await post('/', `${n}${'x'.repeat(4_000)}`)).status)
  expect(full.slice(0, 5)).toEqual(Array(5).fill(200))
  expect(full.at(-1)).toBe(429)
  const stored = full.filter((status) => status === 200).length
  taking = true
  await taken(stored)
  expect((await post('/', 'again')).status).toBe(200)
  await taken(stored + 1)
  expect(texts()).toHaveLength(stored + 1)
})

test('what is sent again is kept once: by its key, or its body for a while; also after a restart', async () => {
  const first = await startHttp()
  const named = { 'idempotency-key': 'k1' }
  const send = async (path: string, body: string, headers = {}) => (await first.post(path, body, headers)).status
  expect(await Promise.all([send('/', 'a'), send('/', 'a'), send('/', 'b', named)])).toEqual([200, 200, 200])
  expect(await send('/', 'b with a changed body', named)).toBe(200)
  expect(await send('/other', 'a')).toBe(200)
  expect((await first.taken(3)).toSorted()).toEqual(['a', 'a', 'b'])
  expect(first.counts.get('repeated')).toBe(2)
  await first.stop()

  const ended = new AbortController()
  const running = first.engine.run(first.open(first.engine.state), { signal: ended.signal })
  await vi.waitFor(() => expect(first.listening()).toHaveLength(2))
  await fetch(`${first.listening()[1]}/`, { method: 'POST', body: 'a' })
  await fetch(`${first.listening()[1]}/`, { method: 'POST', body: 'c' })
  await first.taken(4)
  ended.abort()
  await running
  expect(first.texts().toSorted()).toEqual(['a', 'a', 'b', 'c'])
  expect(first.counts.get('repeated')).toBe(3)
})

test('an end waits for what is under way, and lets no client hold on', async () => {
  const { url, stop, open, engine, texts } = await startHttp()
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nlas')
  // By the time that another one is answered, it is under way.
  await fetch(`${url}/health`)
  const stopped = stop()
  const said = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())))
  socket.write('t!')
  expect(await said).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close/i)
  await stopped
  await engine.run(open(engine.state), { once: true })
  expect(texts()).toEqual(['last!'])
})

test('TLS with own certificates; with clientCa, only those who show one get in', async () => {
  const cert = join((await startHttp()).dir, 'cert.pem')
  await writeFile(cert, untrustedCertificate)
  const { url, counts } = await startHttp({ tls: { cert, key: 'secret:KEY', clientCa: cert } }, { KEY: untrustedKey })
  const status = (options: RequestOptions) =>
    new Promise<number | string | undefined>((resolve) => {
      const to = url.replace('127.0.0.1', 'localhost')
      const request = httpsRequest(to, { method: 'POST', ca: untrustedCertificate, ...options })
      request.on('response', (response) => resolve(response.resume().statusCode))
      request.on('error', () => resolve('failed'))
      request.end('a')
    })
  expect(await status({ cert: untrustedCertificate, key: untrustedKey })).toBe(200)
  expect(await status({})).toBe('failed')
  await vi.waitFor(() => expect(counts.get('refused')).toBe(1))
})

test('an address that is taken is told', async () => {
  const { url } = await startHttp()
  const other = await createPlace({ listen: new URL(url).host })
  const reading = other.open(createSourceEngine().state).read({ signal: new AbortController().signal, once: false })
  await expect(reading[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'SOURCE_FAILED', retry: 'later' })
  await other.close()
})
