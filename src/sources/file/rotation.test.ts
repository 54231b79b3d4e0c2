import { copyFileSync, renameSync, truncateSync } from 'node:fs'
import { appendFile, copyFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { createSourceHost } from '../../testing/source-host.ts'
import { createFixture } from './fixture.ts'
import { readFiles } from './reader.ts'

/** Numbers that look random and are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `a.csv` → `a.csv.1` → `a.csv.2` …, as logrotate does it, compressed ones among them. */
async function shift(path: string, upTo: number): Promise<void> {
  for (let n = upTo; n >= 1; n--) {
    for (const end of ['', '.gz']) {
      await rename(`${path}.${n}${end}`, `${path}.${n + 1}${end}`).catch(() => {})
    }
  }
}

test.each([1, 2, 3, 4])('every line once, whatever is done to the file while it is read (seed %i)', async (seed) => {
  const random = seeded(seed)
  const at = await createFixture({ paths: ['logs/a.csv*'], settle: '500ms', pollInterval: '10ms' })
  await mkdir(at.at('logs'))
  const path = at.at('logs/a.csv')
  const header = 'number,text\n'
  await writeFile(path, header)
  let stop = at.follow()
  let next = 0
  let rotations = 0
  for (let step = 0; step < 120; step++) {
    const dice = random()
    if (dice < 0.7) {
      const count = 1 + Math.floor(random() * 30)
      const text = Array.from({ length: count }, () => `${next++},päivää ${'x'.repeat(random() * 100)}\n`).join('')
      // In two writes, the first mostly ending within a line.
      const bytes = Buffer.from(text)
      const cut = Math.floor(random() * bytes.length)
      await appendFile(path, bytes.subarray(0, cut))
      await appendFile(path, bytes.subarray(cut))
    } else if (dice < 0.78) {
      await shift(path, ++rotations)
      await rename(path, `${path}.1`)
      await writeFile(path, header)
    } else if (dice < 0.84) {
      await shift(path, ++rotations)
      await copyFile(path, `${path}.1`)
      await truncate(path)
      await appendFile(path, header)
    } else if (dice < 0.92) {
      const n = 1 + Math.floor(random() * rotations)
      const plain = await readFile(`${path}.${n}`).catch(() => undefined)
      if (plain) {
        await writeFile(at.at('packed'), gzipSync(plain))
        await rename(at.at('packed'), `${path}.${n}.gz`)
        await rm(`${path}.${n}`)
      }
    } else if (dice < 0.96) {
      await stop()
      stop = at.follow()
    } else await sleep(30)
    if (random() < 0.3) await sleep(10)
  }
  const numbers = () => at.texts().flatMap((text) => (text.startsWith('number') ? [] : Number(text.split(',')[0])))
  await vi.waitFor(() => expect(new Set(numbers()).size).toBe(next), { timeout: 20_000, interval: 50 })
  expect(numbers().toSorted((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, n) => n))
})

test('a file that is renamed between the look at it and its opening is not taken for the one that has its name then', async () => {
  const at = await createFixture()
  await mkdir(at.at('logs'))
  const path = at.at('logs/a.csv')
  const header = 'number,text\n'
  await writeFile(path, `${header}1,one\n2,two\n`)
  await at.once()
  const copyAndTruncate = () => {
    copyFileSync(path, `${path}.1`)
    truncateSync(path, header.length)
  }
  copyAndTruncate()
  let listings = 0
  /** Between the listing, which looks at what it finds, and the opening of the files. */
  const follow = () => {
    if (++listings > 1) return
    renameSync(`${path}.1`, `${path}.2`)
    copyAndTruncate()
  }
  const host = createSourceHost({ name: 'file:test', projectDir: at.dir, state: at.engine.state })
  const options = { paths: ['logs/*'], exclude: [], settleMs: 100, once: false, pollMs: 20 }
  const ended = new AbortController()
  const watcher = () => ({ follow, close() {} })
  const running = at.engine.run(
    { read: ({ signal }) => readFiles(host, { ...options, watcher }, signal) },
    { signal: ended.signal },
  )
  await vi.waitFor(() => expect(listings).toBeGreaterThan(1), { timeout: 10_000, interval: 10 })
  await appendFile(path, '3,three\n')
  await vi.waitFor(() => expect(at.texts()).toContain('3,three'), { timeout: 10_000, interval: 10 })
  ended.abort()
  await running
  expect(at.texts().filter((text) => !text.startsWith('number'))).toEqual(['1,one', '2,two', '3,three'])
})
