import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { PullSource } from '../../core/contracts/index.ts'
import type { Input } from '../../core/input.ts'
import { createSourceEngine, type SourceEngine } from '../../testing/source-engine.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { createCutter } from './cut.ts'
import { stdin } from './index.ts'

/** An input that holds what was put into it, and goes on until it is closed. */
function createPipe() {
  const chunks: Uint8Array[] = []
  let closed = false
  let wake = () => {}
  const input: Input = {
    async read(signal) {
      for (;;) {
        if (chunks.length > 0 || closed || signal.aborted) break
        await new Promise<void>((resolve) => {
          wake = resolve
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
      }
      return signal.aborted ? undefined : chunks.shift()
    },
    putBack: (bytes) => void chunks.unshift(bytes),
    get ended() {
      return closed && chunks.length === 0
    },
  }
  return {
    input,
    put(text: string) {
      chunks.push(Buffer.from(text))
      wake()
    },
    close(value = true) {
      closed = value
      wake()
    },
  }
}

async function createPlace() {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-stdin-'))
  const pipe = createPipe()
  const open = (state: SourceEngine['state'], config: Record<string, unknown> = {}) =>
    stdin.create(stdin.config.parse(config), {
      ...createSourceHost({ name: 'stdin:test', projectDir: dir, state }),
      input: pipe.input,
    }) as PullSource
  return { pipe, open, close: () => rm(dir, { recursive: true, force: true }) }
}

/** Who reads once reads to the end of the input: it is closed then. */
sourceContract('stdin', async () => {
  const { pipe, open, close } = await createPlace()
  return {
    put: async (texts) => pipe.put(texts.map((text) => `${text}\n`).join('')),
    open(state) {
      const source = open(state)
      return {
        read(options) {
          pipe.close(options.once)
          return source.read(options)
        },
      }
    },
    close,
  }
})

describe('stdin', () => {
  async function setUp() {
    const place = await createPlace()
    onTestFinished(place.close)
    const engine = createSourceEngine()
    return { ...place, engine, texts: () => engine.taken.map(({ text }) => text) }
  }

  test('ends with its input, and takes its last line without an end', async () => {
    const { pipe, open, engine, texts } = await setUp()
    const source = open(engine.state)
    const running = engine.run(source)
    pipe.put('one\ntw')
    await vi.waitFor(() => expect(texts()).toEqual(['one']))
    expect(source.ended?.()).toBe(false)
    pipe.put('o\nthr')
    pipe.put('ee')
    pipe.close()
    await running
    expect(texts()).toEqual(['one', 'two', 'three'])
    expect(source.ended?.()).toBe(true)
  })

  test('the next reader goes on within a line', async () => {
    const { pipe, open, engine, texts } = await setUp()
    const first = new AbortController()
    const running = engine.run(open(engine.state), { signal: first.signal })
    pipe.put('one\ntw')
    await vi.waitFor(() => expect(texts()).toEqual(['one']))
    first.abort()
    await running
    pipe.put('o\n')
    pipe.close()
    await engine.run(open(engine.state))
    expect(texts()).toEqual(['one', 'two'])
  })

  test('what was read is delivered by the next run, after a crash before anything was stored', async () => {
    const { pipe, open, engine, texts } = await setUp()
    pipe.put('one\ntwo\n')
    await engine.run(open(engine.state), { verdict: () => 'refuse', done: () => true })
    expect(texts()).toEqual([])
    pipe.close()
    await engine.run(open(engine.state))
    expect(texts()).toEqual(['one', 'two'])
  })

  test('no more is read while the spool is full', async () => {
    const { pipe, open, engine, texts } = await setUp()
    let go = () => {}
    const held = new Promise<void>((resolve) => (go = resolve))
    const running = engine.run(open(engine.state, { spool: { maxBytes: '100KB' } }), {
      verdict: async () => {
        await held
        return 'take' as const
      },
    })
    const count = 300
    for (let n = 0; n < count; n++) pipe.put(`${n} ${'x'.repeat(1_000)}\n`)
    pipe.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(pipe.input.ended).toBe(false)
    go()
    await running
    expect(texts()).toHaveLength(count)
  })

  test('without an input it has ended', async () => {
    const { open, engine, close } = await setUp()
    const host = createSourceHost({ projectDir: join(tmpdir(), 'streamalert-stdin-none'), state: engine.state })
    const source = stdin.create(stdin.config.parse({}), host) as PullSource
    await engine.run(source)
    expect(source.ended?.()).toBe(true)
    await rm(join(tmpdir(), 'streamalert-stdin-none'), { recursive: true, force: true })
    await close()
    expect(open).toBeDefined()
  })
})

describe('the cutter', () => {
  const cutAll = (chunks: readonly string[], limit?: number) => {
    const cutter = createCutter(limit)
    const entries = chunks.flatMap((chunk) => cutter.push(Buffer.from(chunk)))
    return [
      ...entries.map(({ bytes, framing }) => `${framing} ${Buffer.from(bytes).toString()}`),
      `rest ${Buffer.from(cutter.rest()).toString()}`,
    ]
  }

  test('cuts where lines end', () => {
    expect(cutAll(['a', 'b\nc', '\n\nd'])).toEqual(['lines ab\n', 'lines c\n\n', 'rest d'])
    expect(cutAll(['{"a":1}\n{"b"', ':\n2}\n'])).toEqual(['lines {"a":1}\n', 'lines {"b":\n2}\n', 'rest '])
  })

  test('cuts where JSON over several lines ends', () => {
    expect(cutAll(['{\n "a": 1', '\n}\n{\n', ' "b": "}\\n"\n', '}\n{'])).toEqual([
      'json {\n "a": 1\n}\n',
      'json {\n "b": "}\\n"\n}\n',
      'rest {',
    ])
  })

  test('cuts what does not end at the limit', () => {
    expect(cutAll(['x'.repeat(8), 'y'.repeat(8), 'z\na\n'], 10)).toEqual([
      `lines ${'x'.repeat(8)}${'y'.repeat(8)}`,
      'lines z\na\n',
      'rest ',
    ])
    expect(cutAll(['{\n', '"a":[\n', '1,\n', '2\ne'], 10)).toEqual(['lines {\n"a":[\n1,\n', 'lines 2\n', 'rest e'])
  })
})
