import { spawn } from 'node:child_process'
import { open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createFixture, line, sourceOf } from './fixture.ts'

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `record ${from + n}`)

const segmentsIn = async (dir: string) => (await readdir(dir)).filter((name) => name.endsWith('.spool')).toSorted()

async function overwrite(path: string, at: number, text: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.write(Buffer.from(text), 0, text.length, at)
  await handle.close()
}

test('gives back what was appended, and leaves nothing behind once it is settled', async () => {
  const { open, drain, texts, dir, engine } = await createFixture()
  const spool = await open()
  expect(await Promise.all(numbered(0, 500).map((text) => spool.append([line(text)])))).toEqual(
    Array(500).fill('stored'),
  )
  expect(spool.lag().bytes).toBeGreaterThan(5_000)
  await spool.close()
  expect((await stat(dir)).mode & 0o777).toBe(0o700)
  expect((await stat(join(dir, (await segmentsIn(dir))[0]!))).mode & 0o777).toBe(0o600)
  await drain()
  expect(texts().toSorted()).toEqual(numbered(0, 500).toSorted())
  // Small ones that came together travel together.
  expect(engine.seen.length).toBeLessThan(100)
  expect(await readdir(dir)).toEqual([])
  expect(await engine.state.list('')).toEqual([])
})

test('names each record by a place that stays, whatever is settled around it', async () => {
  const { open, drain, engine } = await createFixture({ segmentBytes: 2_000 })
  const spool = await open()
  for (const text of numbered(0, 100)) await spool.append([line(text)])
  await spool.close()
  let turn = 0
  await drain({ verdict: () => (turn++ % 3 === 0 ? 'take' : 'refuse'), done: () => turn > 60 })
  const before = new Map(engine.seen.map(({ id, receivedAt, origin, offset }) => [id, { receivedAt, origin, offset }]))
  await drain()
  expect(engine.taken.map(({ text }) => text).toSorted()).toEqual(numbered(0, 100).toSorted())
  for (const { id, receivedAt, origin, offset } of engine.seen.filter((delivery) => before.has(delivery.id)))
    expect({ receivedAt, origin, offset }).toEqual(before.get(id))
})

test('what stands alone is delivered as it was sent, from its own beginning', async () => {
  const { open, drain, engine, texts } = await createFixture()
  const spool = await open()
  const large = Buffer.from(numbered(0, 50).join(`${' '.repeat(100_000)}\n`))
  await spool.append([
    { bytes: gzipSync('in gzip'), records: 1 },
    { bytes: Buffer.from('{"a":1}'), framing: 'json' },
    { bytes: large, records: 50 },
    line('a line'),
  ])
  await spool.close()
  let size = 0
  await drain({
    async verdict(delivery) {
      if (delivery.size !== large.length) return 'take' as const
      for await (const chunk of delivery.body()) size += chunk.byteLength
      return 'take' as const
    },
  })
  expect(size).toBe(large.length)
  expect(texts()).toEqual(expect.arrayContaining(['in gzip', '{"a":1}', 'a line', 'record 49']))
  const shapes = engine.seen.map(({ offset = 0, framing }) => [offset > 0, framing])
  expect(shapes).toEqual([
    [false, undefined],
    [false, undefined],
    [true, 'lines'],
    [true, 'json'],
  ])
})

test('a write that was torn is cut off, and what stands before it is kept', async () => {
  const { open, drain, dir, texts, counts, logged } = await createFixture()
  const spool = await open()
  for (const text of numbered(0, 3)) await spool.append([line(text)])
  await spool.close()
  const path = join(dir, (await segmentsIn(dir))[0]!)
  const { size } = await stat(path)
  await truncate(path, size - 4)
  await drain()
  expect(texts()).toEqual(numbered(0, 2))
  expect(counts.get('dropped')).toBe(1)
  expect(logged.map(({ code }) => code)).toEqual(['SPOOL_DAMAGED', 'SPOOL_REPAIRED'])
})

test('damage costs no more than the block or section it lies in, and is kept aside', async () => {
  const { open, drain, dir, texts, counts, logged } = await createFixture()
  const spool = await open()
  for (const text of numbered(0, 6)) await spool.append([line(text)])
  await spool.close()
  const path = join(dir, (await segmentsIn(dir))[0]!)
  const bytes = await readFile(path)
  // The payload of one; of another, the header, which hides where the next begins.
  await overwrite(path, bytes.indexOf('record 1'), 'R')
  await overwrite(path, bytes.indexOf('record 3') - 50, '????')
  await drain()
  expect(texts()).toEqual(['record 0', 'record 2', 'record 4', 'record 5'])
  expect(counts.get('dropped')).toBe(2)
  expect(logged.map(({ code }) => code)).toEqual(['SPOOL_DAMAGED', 'SPOOL_DAMAGED'])
  const kept = await Promise.all(
    (await readdir(join(dir, 'damaged'))).map((name) => readFile(join(dir, 'damaged', name), 'utf8')),
  )
  expect(kept.join()).toContain('Record 1')
  expect(await segmentsIn(dir)).toEqual([])
})

/** What a bad disk may do to a file, by number. */
const harms: readonly ((bytes: Buffer, at: number) => Buffer)[] = [
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.from([bytes[at]! ^ 16]), bytes.subarray(at + 1)]),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), Buffer.from('junk'.repeat(at % 50)), bytes.subarray(at)]),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 99)]),
  (bytes, at) => Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + 700)),
]

test('whatever is damaged, nothing throws, nothing is made up, and what is sound comes once', async () => {
  for (let n = 0; n < 15; n++) {
    const { open, drain, dir, texts } = await createFixture()
    const spool = await open()
    const sent = Array.from({ length: 12 }, (_, k) => `record ${k} ${'x'.repeat((k * 37) % 90)}`)
    for (const text of sent) await spool.append([line(text)], { key: text, keyMs: 1_000 })
    await spool.close()
    const path = join(dir, (await segmentsIn(dir))[0]!)
    const bytes = await readFile(path)
    await writeFile(path, harms[n % harms.length]!(bytes, Math.floor((bytes.length * (n * 7 + 13)) / 150)))
    await drain()
    expect(sent.filter((text) => texts().includes(text))).toEqual(texts())
    expect(await segmentsIn(dir)).toEqual([])
    // Cut off is what stood behind; else only what was touched is lost.
    expect(texts().length).toBeGreaterThan(n % harms.length === 1 ? 0 : 5)
  }
})

test('log data that looks like a block is none', async () => {
  const { open, drain, dir, texts } = await createFixture()
  const spool = await open()
  await spool.append([line('one')])
  const [name] = await segmentsIn(dir)
  const forged = (await readFile(join(dir, name!))).toString('latin1').replaceAll('\n', ' ')
  await spool.append([{ bytes: Buffer.from(forged, 'latin1'), framing: 'lines' }])
  await spool.close()
  await drain()
  expect(texts()).toHaveLength(2)
})

test('block: takes nothing more when it is full, until something is settled', async () => {
  const { open, engine, drain, texts, counts } = await createFixture({ maxBytes: 20_000 })
  const spool = await open()
  let stored = 0
  while ((await spool.append([line(`${stored} ${'x'.repeat(500)}`)])) === 'stored') stored++
  expect(stored).toBeGreaterThan(15)
  const ended = new AbortController()
  const room = spool.whenRoom(ended.signal, 1_000)
  await Promise.all([engine.run(sourceOf(spool), { signal: ended.signal }), room.then(() => ended.abort())])
  expect(await spool.append([line('again')])).toBe('stored')
  await spool.close()
  await drain()
  expect(texts()).toHaveLength(stored + 1)
  expect(counts.size).toBe(0)
})

test('drop-oldest: gives up the oldest, and counts its records', async () => {
  const { open, drain, texts, counts, logged } = await createFixture({ maxBytes: 20_000, policy: 'drop-oldest' })
  const spool = await open()
  const sent = Array.from({ length: 200 }, (_, n) => `${n} ${'x'.repeat(500)}`)
  for (const text of sent) expect(await spool.append([line(text)])).toBe('stored')
  await spool.close()
  await drain()
  expect(texts()).toEqual(sent.slice(-texts().length))
  expect(texts().length).toBeGreaterThan(15)
  expect(counts.get('dropped')).toBe(200 - texts().length)
  expect(logged[0]).toMatchObject({ level: 'error', code: 'SPOOL_DROPPED' })
})

test('what waits for too long is given up and counted', async () => {
  const { open, drain, texts, counts, clock } = await createFixture({ maxAgeMs: 1_000 })
  const spool = await open()
  await spool.append([line('old')])
  await spool.close()
  clock.now += 1_001
  const later = await open()
  await later.append([line('new')])
  await later.close()
  await drain()
  expect(texts()).toEqual(['new'])
  expect(counts.get('dropped')).toBe(1)
})

test('a key that is known keeps nothing twice: at the same time, later, after restarts, until it expires', async () => {
  const { open, drain, texts, counts, clock, dir } = await createFixture()
  const keyed = { key: 'request 1', keyMs: 1_000 }
  const first = await open()
  expect(await Promise.all([1, 2].map(() => first.append([line('once')], keyed)))).toEqual(['stored', 'repeated'])
  await first.close()
  const second = await open()
  expect(await second.append([line('once')], keyed)).toBe('repeated')
  await drain({}, second)
  expect(await segmentsIn(dir)).toEqual([])
  const third = await open()
  expect(await third.append([line('once')], keyed)).toBe('repeated')
  await third.close()
  expect(counts.get('repeated')).toBe(3)
  clock.now += 1_000
  const fourth = await open()
  expect(await fourth.append([line('once more')], keyed)).toBe('stored')
  await fourth.close()
  await drain()
  expect(texts()).toEqual(['once', 'once more'])
})

test('what was appended survives kill -9', async () => {
  const { dir, drain, texts } = await createFixture()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/append.ts'), dir])
  let told = ''
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString()
    if (told.length > 2_000) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.on('close', resolve))
  const acknowledged = told.split('\n').slice(0, -1)
  expect(acknowledged.length).toBeGreaterThan(100)
  await drain()
  const found = new Set(texts())
  expect(acknowledged.filter((text) => !found.has(text))).toEqual([])
  expect(found.size).toBe(texts().length)
})

test('what is settled stays for a minute, in case the store loses its last commits with the power', async () => {
  const { open, drain, dir, engine, texts, clock } = await createFixture({ keepSettledMs: 60_000 })
  const spool = await open()
  await spool.append([line('one')])
  await spool.close()
  await drain()
  await drain()
  expect(engine.seen).toHaveLength(1)
  const kept = await engine.state.list('')
  await engine.state.delete(kept.map(({ key }) => key))
  await drain()
  expect(engine.seen).toHaveLength(2)
  expect(texts()).toEqual(['one'])
  clock.now += 60_000
  await drain()
  expect(engine.seen).toHaveLength(2)
  expect(await readdir(dir)).toEqual([])
  expect(await engine.state.list('')).toEqual([])
})

test('what is settled gives way when room is needed', async () => {
  const { open, drain, texts, counts } = await createFixture({ keepSettledMs: 60_000, maxBytes: 20_000 })
  for (let n = 0; n < 60; n++) {
    const spool = await open()
    expect(await spool.append([line(`${n} ${'x'.repeat(1_000)}`)])).toBe('stored')
    await drain({}, spool)
  }
  expect(texts()).toHaveLength(60)
  expect(counts.size).toBe(0)
})
