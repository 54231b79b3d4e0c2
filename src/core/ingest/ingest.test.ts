import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { w3c } from '../../parsers/index.ts'
import { createMemoryStore } from '../../stores/index.ts'
import type { Delivery, Evaluator, IngestResult, LogLine, Schema, Store } from '../contracts/index.ts'
import { defineRule } from '../rule.ts'
import { app, hostWith } from './fixture.ts'
import { createIngest } from './index.ts'

const everything = defineRule({
  name: 'everything',
  description: 'Each record.',
  severity: 'low',
  schemas: [app],
  where: { n: { exists: true } },
  outputs: ['file:a'],
})

const sha = (text: string) => hash('sha256', text, 'hex')
const limits = { smallBody: 50, wholeBody: 100, frame: 1_000, job: 1_000, record: 100_000, maxRatio: 1_000 }
const line = (n: number) => `${JSON.stringify({ at: '2026-03-01T10:00:00Z', n })}\n`
const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('')

interface Setup {
  readonly store?: Store
  readonly evaluator?: Evaluator
  readonly schema?: Schema
}

function setup({ store = createMemoryStore(), evaluator, schema = app }: Setup = {}) {
  const { host, evaluate } = hostWith([everything], schema)
  const log: LogLine[] = []
  const given = { ...host, store, ...(evaluator && { evaluator }), log: (entry: LogLine) => void log.push(entry) }
  return { store, log, ingest: createIngest(given, { limits, concurrency: 3 }), evaluate }
}

function delivery(text: string | Uint8Array, options: Partial<Delivery> = {}): Delivery {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  async function* body() {
    for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64)
  }
  return {
    id: 'a',
    source: 'file:app',
    receivedAt: Date.UTC(2026, 2, 1, 10),
    origin: 'a.log',
    body,
    checkpoint: (offset, complete) => ({ key: 'place', value: `${offset} ${complete}` }),
    ...options,
  }
}

const seen = async (store: Store) =>
  (await store.alerts({ limit: 100_000 })).map(({ alert }) => alert.record.data['n'] as number).sort((a, b) => a - b)
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('ingest', () => {
  it.each([
    ['as one body', { size: 10 }],
    ['as a stream of unknown size', {}],
  ])('takes each record once, %s', async (_, options) => {
    const { ingest, store } = setup()
    const text = lines(500)
    expect(await ingest([delivery(text, options)])).toEqual({ failed: [] })
    expect(await seen(store)).toEqual(numbers(500))
    expect(await store.get('place')).toBe(`${text.length} true`)
  })

  it('gives several workers a part in a body of some size, none larger than asked for', async () => {
    const text = lines(20)
    const sizes: number[][] = []
    const { evaluate } = setup()
    const { ingest, store } = setup({
      evaluator: {
        evaluate: async (frames) => {
          sizes.push(frames.map(({ bytes }) => bytes.byteLength))
          return frames.map((frame) => evaluate(frame))
        },
      },
    })
    await ingest([delivery(text, { size: text.length })])
    expect(sizes).toHaveLength(4)
    expect(sizes.flat().every((size) => size < text.length / 2)).toBe(true)
    expect(await seen(store)).toEqual(numbers(20))
  })

  it.each([
    ['small', { size: 50 }],
    ['large', {}],
  ])('decompresses a %s body; the checkpoint counts decoded bytes', async (_, options) => {
    const { ingest, store } = setup()
    const text = lines(500)
    await ingest([delivery(gzipSync(text), options)])
    expect(await seen(store)).toEqual(numbers(500))
    expect(await store.get('place')).toBe(`${text.length} true`)
  })

  it.each([
    ['small', { size: 50 }],
    ['large', {}],
  ])('takes the word of a transport that knows how a %s body falls into records', async (_, options) => {
    const { ingest, store } = setup()
    await ingest([delivery(lines(5), { ...options, framing: 'whole' })])
    expect(await seen(store)).toEqual([])
    expect(await store.quarantine({ limit: 10 })).toMatchObject([{ raw: new TextEncoder().encode(lines(5)) }])
  })

  it('gives the same ids however the body is cut', async () => {
    const ids = []
    for (const options of [{ size: 10 }, {}]) {
      const { ingest, store } = setup()
      await ingest([delivery(lines(300), options)])
      ids.push((await store.alerts({ limit: 1_000 })).map(({ alert }) => alert.id).sort())
    }
    expect(ids[0]).toHaveLength(300)
    expect(ids[0]).toEqual(ids[1])
  })

  it.each([
    ['as one body', { size: 10 }],
    ['as a stream', {}],
  ])('reads rows by the columns that the stream named last, %s', async (_, options) => {
    const { ingest, store } = setup({ schema: { ...app, parse: w3c() } })
    const time = '2026-03-01T10:00:00Z'
    const rows = (from: number, to: number, row: (n: number) => string) =>
      numbers(to)
        .slice(from)
        .map((n) => `${row(n)}\n`)
        .join('')
    const text =
      `#Version: 1.0\n#Fields: at n\n${rows(0, 60, (n) => `${time} ${n}`)}` +
      `#Fields: n at\n${rows(60, 120, (n) => `${n} ${time}`)}x ${time}\n${rows(120, 121, (n) => `${n} ${time}`)}`
    await ingest([delivery(text, options)])
    expect(await seen(store)).toEqual(numbers(121))
    // Kept with the columns it had, so that it can be read again.
    expect(await store.quarantine({ limit: 9 })).toMatchObject([{ firstLine: '#Fields: n at' }])
  })

  it('adds nothing when a delivery comes again', async () => {
    const { ingest, store } = setup()
    await ingest([delivery(lines(50))])
    await ingest([delivery(lines(50))])
    expect(await seen(store)).toEqual(numbers(50))
  })

  it('goes on behind the checkpoint', async () => {
    const { ingest, store } = setup()
    const [first, second] = [lines(10), line(10)]
    await ingest([delivery(first)])
    await ingest([delivery(second, { offset: first.length })])
    expect(await seen(store)).toEqual(numbers(11))
    expect(await store.get('place')).toBe(`${first.length + second.length} true`)
  })

  it('keeps what stood before a body broke off, and fails the delivery', async () => {
    const { ingest, store, log } = setup()
    async function* body() {
      yield new TextEncoder().encode(lines(100))
      throw new Error('the cable')
    }
    expect(await ingest([delivery('', { body })])).toEqual({ failed: ['a'] })
    expect((await seen(store)).length).toBeGreaterThan(0)
    expect((await store.get('place')) ?? '').not.toContain('true')
    expect(log).toMatchObject([{ level: 'error', message: 'file:app: a.log: the cable' }])
  })

  it('keeps what stood before damage in compressed data, and says so in the quarantine', async () => {
    const { ingest, store } = setup()
    const packed = gzipSync(
      Array.from({ length: 3_000 }, (_, n) => `{"at":"2026-03-01T10:00:00Z","n":${n},"x":"${sha(String(n))}"}\n`).join(
        '',
      ),
    )
    expect(await ingest([delivery(packed.subarray(0, packed.length / 2))])).toEqual({ failed: [] })
    expect((await seen(store)).length).toBeGreaterThan(100)
    expect(await store.quarantine({ limit: 10 })).toMatchObject([{ reason: 'BODY_DAMAGED' }])
    const [offset, complete] = (await store.get('place'))!.split(' ')
    expect(Number(offset)).toBeGreaterThan(10_000)
    expect(complete).toBe('true')
  })

  it('quarantines what no schema takes, with its bytes, and its neighbours stand', async () => {
    const { ingest, store } = setup()
    await ingest([delivery(`${line(0)}{"at":"2026-03-01T10:00:00Z"}\nnot json\n${line(1)}`)])
    expect(await seen(store)).toEqual([0, 1])
    const kept = await store.quarantine({ limit: 10 })
    expect(kept.map(({ raw }) => new TextDecoder().decode(raw)).sort()).toEqual([
      'not json',
      '{"at":"2026-03-01T10:00:00Z"}',
    ])
    expect(kept.find(({ reason }) => reason === 'RECORD_NO_SCHEMA')).toMatchObject({
      nearest: { schema: 'app:events', field: 'n' },
      cluster: 'prod',
    })
  })

  it('never stores a checkpoint behind results that were lost', async () => {
    const store = createMemoryStore()
    let commits = 0
    const failing: Store = {
      ...store,
      commit: async (commit) => {
        if (++commits === 2) throw new Error('disk full')
        return store.commit(commit)
      },
    }
    const { ingest } = setup({ store: failing })
    const text = lines(500)
    expect(await ingest([delivery(text)])).toEqual({ failed: ['a'] })
    const place = Number((await store.get('place'))!.split(' ')[0])
    expect(place).toBeLessThan(text.length)
    const again = setup({ store })
    await again.ingest([delivery(text.slice(place), { offset: place })])
    expect(await seen(store)).toEqual(numbers(500))
  })

  it.each([
    ['lines', app, lines(500)],
    [
      'rows with a head that changes',
      { ...app, parse: w3c() },
      `#Fields: at n\n${numbers(500)
        .map((n) => `${n === 200 ? '#Fields: x at n\n' : ''}${n < 200 ? '' : '- '}2026-03-01T10:00:00Z ${n}\n`)
        .join('')}`,
    ],
  ])('leaves a large body where it is when the time is short, and goes on there: %s', async (_, schema, text) => {
    const whole = setup({ schema })
    await whole.ingest([delivery(text)])
    const ids = async (store: Store) => (await store.alerts({ limit: 1_000 })).map(({ alert }) => alert.id).toSorted()

    const { ingest, store } = setup({ schema })
    let asked = 0
    let from: Partial<Delivery> & { readonly offset: number } = { offset: 0 }
    const results: IngestResult[] = []
    do {
      const parts = [delivery(text.slice(from.offset), from), delivery('', { id: 'b', size: 0 })]
      results.push(await ingest(parts, { isShort: () => ++asked % 4 === 0 }))
      const { cursor = 0, framing, firstLine } = results.at(-1)!.resume ?? {}
      from = { offset: cursor, framing: framing!, firstLine: firstLine! }
    } while (from.offset > 0)
    expect(results.length).toBeGreaterThan(3)
    expect(results.map(({ failed }) => failed)).toEqual(results.map(({ resume }) => (resume ? ['b'] : [])))
    expect(await ids(store)).toEqual(await ids(whole.store))
    expect(await ids(store)).toHaveLength(500)
  })

  it('begins nothing when the time is short from the first', async () => {
    const { ingest, store, log } = setup()
    expect(await ingest([delivery(lines(5))], { isShort: () => true })).toEqual({ failed: ['a'] })
    expect([await seen(store), log]).toEqual([[], []])
  })

  it('goes on where a body failed that was cut off for the time', async () => {
    const { ingest } = setup()
    let short = false
    const breaking = delivery('', {
      async *body() {
        yield new TextEncoder().encode(lines(25))
        short = true
        throw new Error('aborted')
      },
    })
    const { failed, resume } = await ingest([breaking], { isShort: () => short })
    expect([failed, resume?.cursor]).toEqual([[], lines(25).length])
  })

  it('fails all deliveries of a job that could not be evaluated', async () => {
    const { ingest, store } = setup({ evaluator: { evaluate: () => Promise.reject(new Error('no worker')) } })
    expect(await ingest([delivery(lines(1)), delivery(lines(1), { id: 'b', origin: 'b.log' })])).toEqual({
      failed: ['a', 'b'],
    })
    expect(await store.get('place')).toBeUndefined()
  })

  it('takes an empty body', async () => {
    const { ingest, store } = setup()
    expect(await ingest([delivery(''), delivery('', { id: 'b', size: 0 })])).toEqual({ failed: [] })
    expect(await store.get('place')).toBe('0 true')
  })

  it('replaces an event time ahead of receipt, and keeps old ones', async () => {
    const { ingest, store } = setup()
    await ingest([delivery('{"at":"2026-03-01T11:00:00Z","n":1}\n{"at":"1999-01-01T00:00:00Z","n":2}\n')])
    const times = (await store.alerts({ limit: 10 })).map(({ alert }) => [alert.record.data['n'], alert.record.time])
    expect(Object.fromEntries(times)).toEqual({ 1: Date.UTC(2026, 2, 1, 10), 2: Date.UTC(1999, 0, 1) })
    expect(await store.counts('retimed')).toMatchObject([{ labels: { reason: 'ahead' }, n: 1 }])
  })
})
