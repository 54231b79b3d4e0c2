import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Decoder, PullSource } from '../core/contracts/index.ts'
import { createSourceEngine, type SourceEngine } from './source-engine.ts'

/** A place that a source reads, made anew for each test. */
export interface SourcePlace {
  /** Puts records there, one per text (printable, without line ends), in any number of deliveries. May be called again. */
  put(texts: readonly string[]): Promise<void>
  /** A source over the place and the state, as after a start of the process. */
  open(state: SourceEngine['state']): PullSource | Promise<PullSource>
  close?(): Promise<void>
}

export interface SourceContractOptions {
  /** For sources whose bodies may be compressed. */
  readonly decoders?: readonly Decoder[]
  /** True where two sources over the same place, as two processes, share the records among them. */
  readonly workers?: boolean
}

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `record ${from + n}`)

/**
 * What every pull source keeps to: nothing is lost, what failed comes again under the same id, nothing comes again once
 * it was acknowledged, nothing runs ahead of a slow reader, and an abort ends it.
 */
export function sourceContract(
  name: string,
  makePlace: () => Promise<SourcePlace>,
  { decoders = [], workers = false }: SourceContractOptions = {},
): void {
  async function setUp() {
    const place = await makePlace()
    onTestFinished(async () => place.close?.())
    const engine = createSourceEngine(decoders)
    const texts = () => engine.taken.map((record) => record.text).toSorted()
    return { place, engine, texts, open: () => place.open(engine.state) }
  }
  const soon = (check: () => void) => vi.waitFor(check, { timeout: 25_000, interval: 20 })

  describe(`${name} keeps the contract of sources`, () => {
    test('once: gives every record, then ends; a second run gives nothing', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 50))
      await engine.run(await open(), { once: true })
      expect(texts()).toEqual(numbered(0, 50).toSorted())
      const before = engine.seen.length
      await engine.run(await open(), { once: true })
      expect(engine.seen).toHaveLength(before)
    })

    test('once: ends where there is nothing', async () => {
      const { engine, open } = await setUp()
      await engine.run(await open(), { once: true })
      expect(engine.seen).toEqual([])
    })

    test('follows: gives what comes later', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 10))
      const ended = new AbortController()
      const running = engine.run(await open(), { signal: ended.signal })
      await soon(() => expect(texts()).toHaveLength(10))
      await place.put(numbered(10, 20))
      await soon(() => expect(texts()).toEqual(numbered(0, 20).toSorted()))
      ended.abort()
      await running
    })

    test('gives a failed delivery again, under the same id, time and place', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 20))
      const failed = new Set<string>()
      const verdict = ({ id }: { id: string }) => {
        if (failed.has(id)) return 'take'
        failed.add(id)
        return 'refuse'
      }
      await engine.run(await open(), { once: true, verdict })
      expect(texts()).toEqual(numbered(0, 20).toSorted())
      for (const first of engine.seen) {
        const again = engine.seen.filter(({ id }) => id === first.id)
        expect(again).toHaveLength(2)
        for (const { receivedAt, origin, offset } of again) {
          expect({ receivedAt, origin, offset }).toEqual({
            receivedAt: first.receivedAt,
            origin: first.origin,
            offset: first.offset,
          })
        }
      }
    })

    test('after a crash before anything was durable, gives the same again', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 20))
      await engine.run(await open(), { verdict: () => 'refuse', done: () => true })
      const before = new Map(engine.seen.map((delivery) => [delivery.id, delivery]))
      await engine.run(await open(), { once: true })
      expect(texts()).toEqual(numbered(0, 20).toSorted())
      const again = engine.seen.slice(before.size).filter(({ id }) => before.has(id))
      expect(again).toHaveLength(before.size)
      for (const delivery of again) expect(delivery.receivedAt).toBe(before.get(delivery.id)!.receivedAt)
    })

    test('after a crash in the middle, loses nothing and gives no record another position', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 30))
      for (let crash = 0; crash < 4; crash++) {
        await engine.run(await open(), { once: true, verdict: () => ({ take: 3 }), done: () => true })
      }
      await engine.run(await open(), { once: true })
      // The engine keeps one record per position and text, so a record under two positions would show here.
      expect(texts()).toEqual(numbered(0, 30).toSorted())
    })

    test('a body can be opened more than once', async () => {
      const { place, engine, open } = await setUp()
      await place.put(numbered(0, 5))
      await engine.run(await open(), {
        once: true,
        verdict: async (delivery) => {
          for await (const chunk of delivery.body()) expect(chunk.byteLength).toBeGreaterThan(0)
          return 'take' as const
        },
      })
      expect(engine.taken).toHaveLength(5)
    })

    test('a slow reader is not run over: no more of the same origin before it was settled', async () => {
      const { place, engine, open } = await setUp()
      await place.put(numbered(0, 20))
      const ended = new AbortController()
      const source = (await open()).read({ signal: ended.signal, once: false })[Symbol.asyncIterator]()
      const origins = new Set((await source.next()).value?.deliveries.map(({ origin }: { origin: string }) => origin))
      await place.put(numbered(20, 40))
      const next = source.next().then(({ value }) => value)
      const waited = new Promise<undefined>((resolve) => setTimeout(resolve, 300, undefined))
      const ahead = await Promise.race([next, waited])
      for (const { origin } of ahead?.deliveries ?? []) expect(origins).not.toContain(origin)
      ended.abort()
      await next
      await source.return?.()
      expect(engine.taken).toEqual([])
    })

    test('an abort ends it, before, while it waits and between batches', async () => {
      const { place, engine, open } = await setUp()
      await engine.run(await open(), { signal: AbortSignal.abort() })
      const ended = new AbortController()
      const waiting = engine.run(await open(), { signal: ended.signal })
      ended.abort()
      await waiting
      await place.put(numbered(0, 10))
      const between = new AbortController()
      const verdict = () => {
        between.abort()
        return 'take' as const
      }
      await engine.run(await open(), { signal: between.signal, verdict })
      await engine.run(await open(), { once: true })
      expect(engine.taken).toHaveLength(10)
    })

    test.runIf(workers)('two workers share the records, and what one leaves the other takes', async () => {
      const { place, engine, texts, open } = await setUp()
      await place.put(numbered(0, 50))
      const ended = new AbortController()
      const one = engine.run(await open(), { signal: ended.signal })
      const other = engine.run(await open(), { signal: ended.signal, verdict: () => 'refuse' })
      await place.put(numbered(50, 100))
      await soon(() => expect(texts()).toEqual(numbered(0, 100).toSorted()))
      ended.abort()
      await Promise.all([one, other])
    })
  })
}
