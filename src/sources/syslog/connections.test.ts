import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { describe, expect, test, vi } from 'vitest'
import { createSourceEngine } from '../../testing/source-engine.ts'
import { untrustedCertificate, untrustedKey } from '../../testing/untrusted-certificate.ts'
import { createPlace, dial, send, startListening } from '../listen/fixture.ts'
import { syslog } from './index.ts'

const tcp = '127.0.0.1:0'
const start = (config: Record<string, unknown> = {}) => startListening(syslog, { tcp, ...config })
const counted = (text: string) => `${Buffer.byteLength(text)} ${text}`
const closed = async (socket: Socket) => {
  socket.resume()
  socket.on('end', () => socket.end())
  await once(socket, 'close')
}

describe('TCP', () => {
  test('messages of many senders, in either framing, cut anywhere', async () => {
    const { port, taken } = await start()
    const senders = Array.from({ length: 20 }, (_, n) => {
      const lines = Array.from({ length: 50 }, (__, m) => `<13>sender ${n} message ${m}`)
      const bytes = Buffer.from(lines.map((line, m) => (m % 2 ? `${line}\n` : counted(line))).join(''))
      return { lines, chunks: [bytes.subarray(0, 7), bytes.subarray(7, 500), bytes.subarray(500)] }
    })
    await Promise.all(senders.map(({ chunks }) => send(port, ...chunks)))
    expect((await taken(1_000)).toSorted()).toEqual(senders.flatMap(({ lines }) => lines).toSorted())
  })

  test('a message over several lines is one record, as it came', async () => {
    const { port, taken, engine } = await start()
    const message = Buffer.concat([Buffer.from('<11>Traceback:\n  File "a.py"\r\n  '), Buffer.from([0xff, 0xc3])])
    await send(port, `${message.length} `, message, counted('<11>next'))
    await taken(4)
    const whole = engine.seen.find(({ framing }) => framing === 'whole')!
    const chunks: Uint8Array[] = []
    for await (const chunk of whole.body()) chunks.push(chunk)
    expect(Buffer.concat(chunks)).toEqual(message)
  })

  test('a sender that stops in the middle of a message keeps no other waiting, and what it sent is kept', async () => {
    const { port, texts, taken } = await start()
    const slow = await dial(port)
    slow.write('<13>begun')
    await send(port, '<13>quick\n')
    await taken(1)
    slow.write(' and ended\n<13>half')
    await taken(2)
    slow.destroy()
    await taken(3)
    expect(texts()).toEqual(['<13>quick', '<13>begun and ended', '<13>half'])
  })

  test('a message that is too long is cut, counted and told of once', async () => {
    const { port, taken, counts, lines } = await start({ limits: { message: '1KB' } })
    const long = `<13>${'x'.repeat(5_000)}`
    await send(port, `${long}\n${counted(long)}<13>short\n`)
    expect(await taken(3)).toEqual([long.slice(0, 1024), long.slice(0, 1024), '<13>short'])
    expect(counts.get('refused')).toBe(2)
    expect(lines.filter(({ code }) => code === 'RECORD_TOO_LONG')).toHaveLength(1)
  })

  test('connections are bounded, and closed when nothing comes', async () => {
    const { port, counts, taken } = await start({ limits: { connections: 2, idle: '150ms' } })
    const first = await dial(port)
    const second = await dial(port)
    const third = await dial(port)
    await closed(third)
    expect(counts.get('refused')).toBe(1)
    await Promise.all([closed(first), closed(second)])
    await send(port, '<13>again\n')
    expect(await taken(1)).toEqual(['<13>again'])
  })

  test('only addresses of the list may send', async () => {
    const { port, counts, texts } = await start({ from: ['192.0.2.0/24', '2001:db8::1'] })
    const socket = await dial(port)
    socket.write('<13>who is this\n')
    await closed(socket)
    expect(counts.get('refused')).toBe(1)
    expect(texts()).toEqual([])
    const other = await start({ from: ['127.0.0.0/8'] })
    await send(other.port, '<13>me\n')
    expect(await other.taken(1)).toEqual(['<13>me'])
  })

  test('a sender waits while the spool is full, and nothing is lost', async () => {
    let go = () => {}
    const held = new Promise<void>((resolve) => (go = resolve))
    const verdict = async () => {
      await held
      return 'take' as const
    }
    const config = { tcp, spool: { maxBytes: '1MB' } }
    const { port, taken, lines, counts } = await startListening(syslog, config, { verdict })
    const count = 6_000
    const text = (n: number) => `<13>${String(n).padStart(6, '0')} ${'x'.repeat(1_000)}`
    const sent = send(
      port,
      ...Array.from({ length: 60 }, (_, n) =>
        Array.from({ length: 100 }, (__, m) => `${text(n * 100 + m)}\n`).join(''),
      ),
    )
    await vi.waitFor(() => expect(lines.map(({ code }) => code)).toContain('SOURCE_WAITING'), 5_000)
    go()
    await sent
    const texts = await taken(count)
    expect(new Set(texts)).toEqual(new Set(Array.from({ length: count }, (_, n) => text(n))))
    expect(counts.get('dropped')).toBeUndefined()
  })

  test('what was sent before the end is taken, and senders are told of the end', async () => {
    const { port, stop, texts, engine, open } = await start()
    const socket = await dial(port)
    const told = once(socket, 'end')
    socket.resume()
    socket.write('<13>before\n')
    const stopping = stop()
    await told
    socket.end('<13>last\n')
    await stopping
    await engine.run(open(engine.state), { once: true })
    expect(texts()).toEqual(['<13>before', '<13>last'])
  })

  test('an address that is taken is told', async () => {
    const { port } = await start()
    const other = await createPlace(syslog, { udp: tcp, tcp: `127.0.0.1:${port}` })
    const reading = other.open(createSourceEngine().state).read({ signal: new AbortController().signal, once: false })
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      retry: 'later',
    })
    await other.close()
  })
})

test('TLS: with its certificate, and with one of the sender where that is asked for', async () => {
  const place = await createPlace(syslog, { tcp })
  const [cert, key] = [join(place.dir, 'cert.pem'), join(place.dir, 'key.pem')]
  await writeFile(cert, untrustedCertificate)
  await writeFile(key, untrustedKey)
  const own = { ca: untrustedCertificate, servername: 'localhost' }

  async function sent(port: number, options: ConnectionOptions): Promise<void> {
    const socket = connectTls({ port, host: '127.0.0.1', ...own, ...options })
    socket.on('error', () => {})
    socket.resume()
    socket.end(counted('<13>over TLS\nin two lines'))
    await new Promise((resolve) => socket.on('close', resolve))
  }

  const open = await start({ tcp: undefined, tls: { listen: tcp, cert, key } })
  await sent(open.port, {})
  expect(await open.taken(2)).toEqual(['<13>over TLS', 'in two lines'])
  await send(open.port, 'no handshake\n')
  expect(open.counts.get('refused')).toBe(1)

  const mutual = await start({ tcp: undefined, tls: { listen: tcp, cert, key, clientCa: cert } })
  await sent(mutual.port, {})
  await sent(mutual.port, { cert: untrustedCertificate, key: untrustedKey })
  expect(await mutual.taken(2)).toHaveLength(2)
  expect(mutual.counts.get('refused')).toBe(1)
  await place.close()
})

test('certificates that cannot be used are told', async () => {
  const place = await createPlace(syslog, { tls: { listen: tcp, cert: 'cert.pem', key: 'key.pem' } })
  const fault = async () => {
    const reading = place.open(createSourceEngine().state).read({ signal: new AbortController().signal, once: false })
    return reading[Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => String(error))
  }
  expect(await fault()).toContain('a certificate cannot be read')
  await writeFile(join(place.dir, 'cert.pem'), untrustedCertificate)
  await writeFile(join(place.dir, 'key.pem'), 'no key')
  expect(await fault()).toContain('the certificates cannot be used')
  await place.close()
})

describe('configuration', () => {
  const faults = (config: Record<string, unknown>) =>
    (syslog.config.safeParse(config).error?.issues ?? []).map(({ path }) => path.join('.'))
  const tls = { listen: '0.0.0.0:6514', cert: 'a', key: 'b' }

  test('who listens beyond this machine says who may send', () => {
    expect(faults({ udp: '0.0.0.0:514', tcp: '[::]:601', tls })).toEqual(['udp', 'tcp', 'tls.listen'])
    expect(faults({ udp: '0.0.0.0:514', tcp: '[::]:601', tls, from: ['10.0.0.0/8'] })).toEqual([])
    expect(faults({ tls: { ...tls, clientCa: 'c' } })).toEqual([])
    expect(faults({ udp: '127.0.0.1:514', tcp: '[::1]:601', tls: { ...tls, listen: 'localhost:1' } })).toEqual([])
  })

  test('what cannot work is refused', () => {
    expect(faults({})).toEqual([''])
    expect(faults({ udp: tcp, from: ['10.0.0.0/33', 'example.com', '::1/64', '1.2.3.4'] })).toEqual([
      'from.0',
      'from.1',
    ])
    expect(faults({ udp: tcp, limits: { message: '1MB' }, spool: { maxBytes: '4MB' } })).toEqual(['spool.maxBytes'])
    expect(faults({ udp: tcp, limits: { message: '9MB' } })).toEqual(['limits.message'])
  })
})
