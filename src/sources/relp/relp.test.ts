import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { sourceContract } from '../../testing/source-contract.ts'
import { dial, listeningPlace, startListening } from '../listen/fixture.ts'
import { createFrameReader, encodeFrame, type Frame } from './frames.ts'
import { relp } from './index.ts'

const open = encodeFrame(1, 'open', 'relp_version=0\nrelp_software=test\ncommands=syslog')
const message = (transaction: number, text: string) => encodeFrame(transaction, 'syslog', text)
const ok = (transaction: number) => encodeFrame(transaction, 'rsp', '200 OK')
const opened = encodeFrame(1, 'rsp', '200 OK\nrelp_version=0\nrelp_software=streamalert\ncommands=syslog')
const closed = (transaction: number) => `${transaction} rsp 0\n0 serverclose 0\n`

/** What the server says until it has said as much, or ends. */
async function hear(socket: Socket, length: number): Promise<string> {
  let heard = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    heard += String(chunk)
    if (heard.length >= length) break
  }
  return heard
}

/** What the server says to these bytes until it ends. */
async function said(port: number, ...chunks: readonly string[]): Promise<string> {
  const socket = await dial(port)
  for (const chunk of chunks) {
    socket.write(chunk)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const heard = await hear(socket, Number.POSITIVE_INFINITY)
  socket.destroy()
  return heard
}

sourceContract('relp', () =>
  listeningPlace(relp, { listen: '127.0.0.1:0' }, async ({ port }, texts) => {
    const messages = texts.map((text, n) => message(n + 2, text)).join('')
    const last = texts.length + 2
    const expected = opened + texts.map((_, n) => ok(n + 2)).join('') + closed(last)
    if ((await said(Number(port), open, messages, encodeFrame(last, 'close', ''))) !== expected)
      throw new Error('Not all was acknowledged.')
  }),
)

describe('RELP', () => {
  const start = (config: Record<string, unknown> = {}) => startListening(relp, { listen: '127.0.0.1:0', ...config })

  test('a session cut anywhere: each message is acknowledged in its order', async () => {
    const { port, taken, engine } = await start()
    const stream = `${open}${message(2, '<13>a\n')}${message(3, '<13>b\nc')}${encodeFrame(4, 'close', '')}`
    const chunks = Array.from({ length: Math.ceil(stream.length / 5) }, (_, n) => stream.slice(n * 5, n * 5 + 5))
    expect(await said(port, ...chunks)).toBe(opened + ok(2) + ok(3) + closed(4))
    expect(await taken(3)).toEqual(['<13>a', '<13>b', 'c'])
    expect(engine.seen.filter(({ framing }) => framing === 'whole')).toHaveLength(1)
  })

  test('nothing is acknowledged that is not on disk', async () => {
    const config = { listen: '127.0.0.1:0', spool: { maxBytes: '1MB' } }
    const { port, stop, engine, open: reopen, texts } = await startListening(relp, config, { verdict: () => 'refuse' })
    const socket = await dial(port)
    socket.write(open)
    await hear(socket, opened.length)
    const text = (n: number) => `<13>${n} ${'x'.repeat(10_000)}`
    const count = 200
    for (let n = 0; n < count; n++) socket.write(message(n + 2, text(n)))
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('end', () => socket.destroy())
    // The server ends the session with what found no room unanswered.
    setTimeout(() => void stop(), 300)
    await once(socket, 'close')
    await stop()
    const acknowledged = heard.split('\n').filter((line) => line.endsWith('rsp 6 200 OK')).length
    expect(acknowledged).toBeGreaterThan(10)
    expect(acknowledged).toBeLessThan(count)
    await engine.run(reopen(engine.state), { once: true })
    for (let n = 0; n < acknowledged; n++) expect(texts()).toContain(text(n))
  })

  test('a message that is too long is cut, and acknowledged', async () => {
    const { port, taken, counts } = await start({ limits: { message: '1KB' } })
    const stream = open + message(2, 'x'.repeat(5_000)) + message(3, 'y') + encodeFrame(4, 'close', '')
    expect(await said(port, stream)).toBe(opened + ok(2) + ok(3) + closed(4))
    expect(await taken(2)).toEqual(['x'.repeat(1024), 'y'])
    expect(counts.get('refused')).toBe(1)
  })

  test('what is not RELP ends the session, and what stood before it is taken', async () => {
    const { port, taken, counts } = await start()
    const goodbye = '0 serverclose 0\n'
    expect(await said(port, 'GET / HTTP/1.1\r\n\r\n')).toBe(goodbye)
    expect(await said(port, message(2, 'too early'))).toBe(encodeFrame(2, 'rsp', '500 open comes first'))
    expect(await said(port, encodeFrame(1, 'open', 'relp_version=7\ncommands=syslog'))).toMatch(/^1 rsp \d+ 500 /)
    expect(await said(port, encodeFrame(1, 'open', 'relp_version=0\ncommands=eventlog'))).toMatch(/^1 rsp \d+ 500 /)
    expect(await said(port, `${open}${message(2, 'good')}`, '3 syslog 2 toolong\n')).toBe(opened + ok(2) + goodbye)
    expect(await said(port, `${open}${message(2, 'same chunk')}3 syslog 2 toolong\n`)).toBe(opened + ok(2) + goodbye)
    expect(await taken(2)).toEqual(['good', 'same chunk'])
    expect(counts.get('refused')).toBe(4)
  })

  test('a sender that reads no answers is not answered without bound, and keeps no other waiting', async () => {
    const { port, taken, texts } = await start()
    const deaf = await dial(port)
    deaf.pause()
    deaf.write(open)
    const many = Array.from({ length: 2_000 }, (_, n) => encodeFrame(n + 2, 'nothing', '')).join('')
    let refused = 0
    while (deaf.writableLength < 20_000_000 && refused++ < 1_500) deaf.write(many)
    await vi.waitFor(() => expect(deaf.writableNeedDrain).toBe(true))
    expect(await said(port, open + message(2, 'other') + encodeFrame(3, 'close', ''))).toBe(opened + ok(2) + closed(3))
    expect(await taken(1)).toEqual(['other'])
    expect(texts()).toHaveLength(1)
    deaf.destroy()
  })

  test('who goes on after the end of a session is closed', async () => {
    const { port } = await start()
    const socket = await dial(port)
    socket.resume()
    socket.write('no RELP')
    const sending = setInterval(() => socket.write('x'.repeat(1_000)), 20)
    await new Promise((resolve) => socket.on('close', resolve))
    clearInterval(sending)
    expect(socket.destroyed).toBe(true)
  })

  test('a command that is not known is refused, and the session goes on', async () => {
    const { port, taken } = await start()
    const stream = `${open}${encodeFrame(2, 'starttls', '')}${message(3, 'on')}${encodeFrame(4, 'close', '')}`
    expect(await said(port, stream)).toBe(
      opened + encodeFrame(2, 'rsp', '500 the command is not understood') + ok(3) + closed(4),
    )
    expect(await taken(1)).toEqual(['on'])
  })
})

describe('frames', () => {
  const read = (...chunks: readonly string[]) => {
    const reader = createFrameReader({ limit: 100, tooLong: () => {} })
    const frames = chunks.map((chunk) => reader.push(Buffer.from(chunk)))
    return reader.isBroken() ? undefined : frames
  }
  const frame = (transaction: number, command: string, data = ''): Frame => ({
    ...{ transaction, command },
    data: Buffer.from(data),
  })

  test('with and without data', () => {
    expect(read('1 open 0\n2 syslog 3 a\nb\n3 close 0 \n')).toEqual([
      [frame(1, 'open'), frame(2, 'syslog', 'a\nb'), frame(3, 'close')],
    ])
  })

  test.each([
    'x',
    ' 1 open 0\n',
    '1  open 0\n',
    '1 op3n 0\n',
    '1234567890 open 0\n',
    '1 open 5\n',
    '1 open 1 ab\n',
    '1 open -1\n',
  ])('no frame: %j', (text) => expect(read(text, '\n')).toBeUndefined())

  test('a length that is not what comes costs no memory', () => {
    expect(read('1 syslog 999999999 ', 'x'.repeat(1_000), 'y'.repeat(1_000))).toEqual([[], [], []])
  })
})
