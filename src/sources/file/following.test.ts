import { appendFile, mkdir, rename, truncate, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Batch, Delivery, PullSource } from '../../core/contracts/index.ts'
import type { RunOptions } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { createFixture } from './fixture.ts'
import { readFiles } from './reader.ts'

/** The source, with `meanwhile` done whenever a stretch was taken, before it is asked for the next. */
function disturbed(source: PullSource, meanwhile: (n: number) => Promise<void>): PullSource {
  let n = 0
  const wrapped = (delivery: Delivery): Delivery => {
    const { next } = delivery
    if (!next) return delivery
    return {
      ...delivery,
      async next() {
        await meanwhile(n++)
        const following = await next()
        return following && wrapped(following)
      },
    }
  }
  return {
    async *read(options) {
      for await (const batch of source.read(options)) yield { ...batch, deliveries: batch.deliveries.map(wrapped) }
    },
  }
}

/** A followed file `logs/a.log` with one line. */
async function followed(meanwhile: (n: number, log: string) => Promise<void>, verdict?: RunOptions['verdict']) {
  const at = await createFixture({ settle: '1h' })
  await mkdir(at.at('logs'))
  const log = at.at('logs/a.log')
  await writeFile(log, 'line 0\n')
  const ended = new AbortController()
  const source = disturbed(at.open(), (n) => meanwhile(n, log))
  const running = at.engine.run(source, { signal: ended.signal, ...(verdict && { verdict }) })
  onTestFinished(async () => {
    ended.abort()
    await running
  })
  /** All lines that came by the time there are so many, in alphabetical order. */
  async function lines(count: number): Promise<string[]> {
    await vi.waitUntil(() => at.texts().length >= count, { timeout: 10_000, interval: 10 })
    return at.texts().toSorted()
  }
  return { ...at, lines }
}

/** Where it begins and ends, by what the source itself says. */
const ranges = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ id, offset = 0, size = 0 }) => [id.split('@')[1], offset, offset + size])

test('a delivery goes on with what is appended while it is taken', async () => {
  const at = await followed(async (n, log) => {
    if (n < 2) await appendFile(log, ['line 1\nline ', '2\nline 3\nhalf'][n]!)
  })
  expect(await at.lines(4)).toEqual(['line 0', 'line 1', 'line 2', 'line 3'])
  expect(ranges(at.engine.seen)).toEqual([
    ['0', 0, 7],
    ['0', 7, 14],
    ['0', 14, 28],
  ])
})

test('of a stretch that failed the rest comes again, each line once', async () => {
  let failures = 0
  const at = await followed(
    async (n, log) => {
      if (n === 0) await appendFile(log, 'line 1\nline 2\n')
    },
    ({ offset }) => (offset === 7 && failures++ === 0 ? { take: 1 } : 'take'),
  )
  expect(await at.lines(3)).toEqual(['line 0', 'line 1', 'line 2'])
  expect(ranges(at.engine.seen)).toEqual([
    ['0', 0, 7],
    ['0', 7, 21],
    ['7', 14, 21],
  ])
})

test('after a crash within a following stretch the rest of it comes with the same time', async () => {
  const at = await createFixture({ settle: '1h' })
  await mkdir(at.at('logs'))
  const log = at.at('logs/a.log')
  await writeFile(log, 'line 0\n')
  await at.engine.run(
    disturbed(at.open(), () => appendFile(log, 'line 1\nline 2\n')),
    { verdict: ({ offset }) => (offset === 0 ? 'take' : { take: 1 }), done: () => true },
  )
  expect(at.texts()).toEqual(['line 0', 'line 1'])
  await appendFile(log, 'line 3\n')
  await at.once()
  expect(at.texts()).toEqual(['line 0', 'line 1', 'line 2', 'line 3'])
  const [, second, rest] = at.engine.seen
  expect(rest).toMatchObject({ receivedAt: second!.receivedAt, offset: 14 })
})

test('a file that was truncated and written anew is not taken for the one that went on', async () => {
  const at = await followed(async (n, log) => {
    if (n > 0) return
    await truncate(log)
    await appendFile(log, 'quite another first line, and more than before\n')
  })
  expect(await at.lines(2)).toEqual(['line 0', 'quite another first line, and more than before'])
})

test('what is written to a file behind its rename is read, and the new file of its name, too', async () => {
  const at = await followed(async (n, log) => {
    if (n > 0) return
    await rename(log, `${log}.1`)
    await appendFile(`${log}.1`, 'line 1\n')
    await writeFile(log, 'new line 0\n')
  })
  expect(await at.lines(3)).toEqual(['line 0', 'line 1', 'new line 0'])
})

test('it does not go on while another file waits', async () => {
  const at = await followed(async (n, log) => {
    if (n === 0) await writeFile(log.replace('a.log', 'b.log'), 'other\n')
    if (n > 500) throw new Error('the other file never came')
    await appendFile(log, `line ${n + 1}\n`)
  })
  await vi.waitFor(() => expect(at.texts()).toContain('other'), { timeout: 10_000 })
})

test('what waits is read on in pieces, for several workers, and a line that is longer than one comes whole', async () => {
  const many = Array.from({ length: 60_000 }, (_, n) => `line ${n + 1}`)
  const long = 'x'.repeat(300_000)
  const at = await followed(async (n, log) => {
    if (n === 0) await appendFile(log, `${[...many, long, 'last'].join('\n')}\n`)
  })
  expect(await at.lines(60_003)).toEqual(['line 0', ...many, long, 'last'].toSorted())
  const [, ...pieces] = at.engine.seen.filter(({ id }) => id.endsWith('@0'))
  expect(pieces.length).toBeGreaterThan(2)
  expect(Math.max(...pieces.map(({ size }) => size!))).toBeLessThanOrEqual(262_144)
})

test('a stretch is read into memory that is given, and again from the file when its body is opened again', async () => {
  const at = await createFixture({ settle: '1h' })
  await mkdir(at.at('logs'))
  await writeFile(at.at('logs/a.log'), 'line 0\n')
  const ended = new AbortController()
  const batches = at.open().read({ once: false, signal: ended.signal })[Symbol.asyncIterator]()
  const batch = (await batches.next()).value as Batch
  await appendFile(at.at('logs/a.log'), 'line 1\nhalf')
  const given: Uint8Array[] = []
  const take = (bytes: number) => {
    const memory = new Uint8Array(new SharedArrayBuffer(bytes))
    given.push(memory)
    return memory
  }
  const next = await batch.deliveries[0]!.next!(take)
  for await (const first of next!.body()) {
    expect(first.buffer).toBe(given[0]!.buffer)
    expect(Buffer.from(first).toString()).toBe('line 1\n')
  }
  given[0]!.fill(0)
  for await (const again of next!.body()) expect(Buffer.from(again).toString()).toBe('line 1\n')
  expect.assertions(3)
  ended.abort()
  await batch.settle(new Set())
  await batches.return?.()
})

test('without hints, another file in its place ends what is followed', async () => {
  const at = await createFixture()
  await mkdir(at.at('logs'))
  const log = at.at('logs/a.log')
  await writeFile(log, 'line 0\n')
  const host = createSourceHost({ name: 'file:test', projectDir: at.dir, state: at.engine.state })
  const options = { paths: ['logs/*.log'], exclude: [], settleMs: 3_600_000, once: false, pollMs: 20 }
  const silent = () => ({ follow() {}, close() {} })
  const ended = new AbortController()
  const batches = readFiles(host, { ...options, watcher: silent }, ended.signal)
  const batch = (await batches.next()).value as Batch
  const following = batches.next()
  let last: Delivery | undefined = batch.deliveries[0]
  await rename(log, at.at('logs/a.old'))
  await writeFile(log, 'new line 0\n')
  for (let n = 1; last; n++) {
    if (n > 1000) throw new Error('it went on')
    await appendFile(at.at('logs/a.old'), `line ${n}\n`)
    last = await last.next!()
  }
  await batch.settle(new Set())
  const { deliveries } = (await following).value as Batch
  expect(deliveries.map(({ size }) => size)).toEqual([11])
  ended.abort()
  await batches.return(undefined)
})
