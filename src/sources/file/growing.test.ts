import { appendFile, mkdir, rename, truncate, utimes, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Batch, Delivery } from '../../core/contracts/index.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { createFixture } from './fixture.ts'
import { readFiles } from './reader.ts'

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 })

async function textOf(delivery: Delivery): Promise<string> {
  const chunks: Buffer[] = []
  // What a body gives may be used again once the next is asked for.
  for await (const chunk of delivery.body()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

describe('JSON over several lines that grows while it is followed', () => {
  test('is given where a value ends, not where a line does', async () => {
    const at = await createFixture({ settle: '1h' })
    await mkdir(at.at('logs'))
    const value = (n: number) => `${JSON.stringify({ n, text: '}\n{', list: [{}, [n]] }, null, 2)}\n`
    const all = value(1) + value(2) + value(3)
    const given: string[] = []
    const ended = new AbortController()
    const verdict = async (delivery: Delivery) => {
      given.push(await textOf(delivery))
      return 'take' as const
    }
    await writeFile(at.at('logs/a.json'), all.slice(0, value(1).length + 20))
    const running = at.engine.run(at.open(), { signal: ended.signal, verdict })
    onTestFinished(async () => {
      ended.abort()
      await running
    })
    await soon(() => expect(given).toEqual([value(1)]))
    await appendFile(at.at('logs/a.json'), all.slice(value(1).length + 20, -4))
    await soon(() => expect(given).toEqual([value(1), value(2)]))
    await appendFile(at.at('logs/a.json'), all.slice(-4))
    await soon(() => expect(given).toEqual([value(1), value(2), value(3)]))
  })

  test('is given as it is when nothing more comes', async () => {
    const at = await createFixture({ settle: '50ms' })
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.json'), '{\n"a": [\n')
    at.follow()
    await soon(() => expect(at.texts()).toEqual(['{', '"a": [']))
  })
})

test('of many files only some are open at the same time, and those that wait come later', async () => {
  const at = await createFixture()
  await mkdir(at.at('logs'))
  const count = 600
  for (let n = 0; n < count; n++) await writeFile(at.at(`logs/${n}.log`), `line of ${n}\n`)
  const ended = new AbortController()
  const batches = at.open().read({ signal: ended.signal, once: false })[Symbol.asyncIterator]()
  const held: Batch[] = []
  const seen = new Set<string>()
  let next = batches.next()
  const takeUntil = async (wanted: number) => {
    while (seen.size < wanted) {
      const batch = (await next).value as Batch
      held.push(batch)
      for (const { origin } of batch.deliveries) seen.add(origin)
      next = batches.next()
    }
  }
  const settleAll = async () => {
    for (const { deliveries, settle } of held.splice(0)) {
      for (const { checkpoint, size } of deliveries) {
        const { key, value } = checkpoint!(size!, true)
        await at.engine.state.set(key, value)
      }
      await settle(new Set())
    }
  }
  await takeUntil(256)
  const another = next.then(() => 'another')
  const pause = new Promise((resolve) => setTimeout(resolve, 200, 'none'))
  expect(await Promise.race([another, pause])).toBe('none')
  for (let wanted = 257; wanted <= count; wanted += 50) {
    await settleAll()
    await takeUntil(wanted)
  }
  await settleAll()
  await takeUntil(count)
  ended.abort()
  await next
  await batches.return?.()
  expect(seen.size).toBe(count)
})

test('a file system that tells of nothing is looked at: growth, new files, truncation, rotation', async () => {
  const at = await createFixture()
  await mkdir(at.at('logs'))
  await writeFile(at.at('logs/a.log'), 'one\n')
  const host = createSourceHost({ name: 'file:test', projectDir: at.dir, state: at.engine.state })
  const options = { paths: ['logs/**'], exclude: [], settleMs: 100, once: false, pollMs: 20 }
  const silent = () => ({ follow() {}, close() {} })
  const ended = new AbortController()
  const running = at.engine.run(
    { read: ({ signal }) => readFiles(host, { ...options, watcher: silent }, signal) },
    { signal: ended.signal },
  )
  onTestFinished(async () => {
    ended.abort()
    await running
  })
  await soon(() => expect(at.texts()).toEqual(['one']))
  await appendFile(at.at('logs/a.log'), 'two\n')
  await soon(() => expect(at.texts()).toEqual(['one', 'two']))
  await rename(at.at('logs/a.log'), at.at('logs/a.log.1'))
  await writeFile(at.at('logs/a.log'), 'three\n')
  await soon(() => expect(at.texts()).toEqual(['one', 'two', 'three']))
  await truncate(at.at('logs/a.log'))
  await appendFile(at.at('logs/a.log'), 'four\n')
  await writeFile(at.at('logs/b.gz'), gzipSync('five\n'))
  await soon(() => expect(at.texts().toSorted()).toEqual(['five', 'four', 'one', 'three', 'two']))
})

test('a file that comes while another of the same header is being read is told after that', async () => {
  const at = await createFixture()
  await mkdir(at.at('logs'))
  await writeFile(at.at('logs/a.csv'), 'number,text\n1,one\n')
  const host = createSourceHost({ name: 'file:test', projectDir: at.dir, state: at.engine.state })
  const options = { paths: ['logs/**'], exclude: [], settleMs: 50, once: false, pollMs: 20 }
  let listings = 0
  const watcher = (onChange: (path: string, listing: boolean) => void) => ({
    follow() {
      listings++
      setTimeout(onChange, 110, '', true)
    },
    close() {},
  })
  const ended = new AbortController()
  const batches = readFiles(host, { ...options, watcher }, ended.signal)
  const first = (await batches.next()).value as Batch
  await writeFile(at.at('logs/a.csv.1'), 'number,text\n2,two\n')
  await utimes(at.at('logs/a.csv.1'), 1, 1)
  const second = batches.next()
  await soon(() => expect(listings).toBeGreaterThan(2))
  const { key, value } = first.deliveries[0]!.checkpoint!(18, true)
  await at.engine.state.set(key, value)
  await first.settle(new Set())
  const texts = Promise.all(((await second).value as Batch).deliveries.map(textOf))
  expect(await texts).toEqual(['number,text\n2,two\n'])
  ended.abort()
  await batches.return(undefined)
})
