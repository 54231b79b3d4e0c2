import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startListening } from '../listen/fixture.ts'
import { dropsIn } from './drops.ts'
import { syslog } from './index.ts'

const udp = '127.0.0.1:0'
const start = (config: Record<string, unknown> = {}) => startListening(syslog, { udp, ...config })

/** Sends datagrams at once: a receiver in this process reads none before all are sent. */
function sendAll(port: number, datagrams: readonly (string | Uint8Array)[], host = '127.0.0.1') {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  onTestFinished(() => void socket.close())
  return Promise.all(
    datagrams.map((data) => new Promise<void>((resolve) => socket.send(data, port, host, () => resolve()))),
  )
}

describe('UDP', () => {
  test('each datagram is a message, as it came', async () => {
    const { port, taken, engine, texts } = await start()
    await sendAll(port, [
      '<13>a\n',
      '<13>b\r\n\0',
      '',
      '\n',
      '<13>c\nd',
      Buffer.from([0x3c, 0xff]),
      '17 <13>is no length',
    ])
    await taken(6)
    const all = ['<13>a', '<13>b', '<13>c', 'd', '<\ufffd', '17 <13>is no length']
    expect(texts().toSorted()).toEqual(all.toSorted())
    expect(engine.seen.filter(({ framing }) => framing === 'whole')).toHaveLength(1)
  })

  test('a message that is too long is cut; senders not on the list are refused', async () => {
    const { port, taken, counts } = await start({ limits: { message: '1KB' } })
    await sendAll(port, [`<13>${'x'.repeat(2_000)}`, '<13>b'])
    expect(Math.max(...(await taken(2)).map(({ length }) => length))).toBe(1024)
    expect(counts.get('refused')).toBe(1)
    const other = await start({ from: ['192.0.2.1'] })
    await sendAll(other.port, ['<13>a', '<13>b'])
    await vi.waitFor(() => expect(other.counts.get('refused')).toBe(2))
    expect(other.texts()).toEqual([])
  })

  test('what finds no room in memory is dropped and counted, and all are accounted for', async () => {
    const { port, counts, stop, texts } = await start({ limits: { queue: '20KB' } })
    await sendAll(
      port,
      Array.from({ length: 100 }, (_, n) => `<13>${n} ${'x'.repeat(500)}`),
    )
    await vi.waitFor(() => expect(texts().length + (counts.get('dropped') ?? 0)).toBe(100), 5_000)
    expect(counts.get('dropped')).toBeGreaterThan(0)
    expect(texts().length).toBeGreaterThan(10)
    await stop()
  })

  const ipv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
  const hosts = ['127.0.0.1', ...(ipv6 ? ['::1'] : [])]

  test.runIf(process.platform === 'linux').each(hosts)('what the kernel dropped is counted: %s', async (host) => {
    const address = host.includes(':') ? `[${host}]:0` : `${host}:0`
    const { port, counts, stop, texts, engine, open } = await start({ udp: address, limits: { receiveBuffer: '4KB' } })
    await sendAll(
      port,
      Array.from({ length: 500 }, (_, n) => `<13>${n} ${'x'.repeat(200)}`),
      host,
    )
    await stop()
    await engine.run(open(engine.state), { once: true })
    expect(counts.get('dropped')).toBeGreaterThan(0)
    expect(texts().length + counts.get('dropped')!).toBe(500)
  })

  test('a receive buffer that the system does not grant is told of', async () => {
    const { lines } = await start({ limits: { receiveBuffer: '900MB' } })
    expect(lines.map(({ code }) => code)).toContain('SOURCE_LIMITED')
  })
})

describe('the table of the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  171: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 113034 2 0000000000000000 42
  299: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2131 2 0000000000000000 7
`
  const table6 = `  sl  local_address remote_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode ref pointer drops
   12: B80D0120000000000000000001000000:0202 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0 9
`

  test('names sockets by address and port', () => {
    expect(dropsIn(table, { host: '127.0.0.1', port: 8080 })).toBe(42)
    expect(dropsIn(table, { host: '0.0.0.0', port: 514 })).toBe(7)
    expect(dropsIn(table, { host: '127.0.0.1', port: 514 })).toBeUndefined()
    expect(dropsIn(table6, { host: '2001:db8::1', port: 514 })).toBe(9)
    expect(dropsIn('nonsense', { host: '::', port: 1 })).toBeUndefined()
    expect(dropsIn('1: 7F000001:1F90 x y', { host: '127.0.0.1', port: 8080 }, 'BE')).toBe(0)
  })
})
