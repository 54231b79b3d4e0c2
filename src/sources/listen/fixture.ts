import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { SourceCount, SourceKind } from '../../core/component.ts'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import type { SourcePlace } from '../../testing/source-contract.ts'
import { createSourceEngine, type RunOptions, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'

/** A folder, and sources of a kind that listens over it: what outlasts a start of the process. */
export async function createPlace(kind: SourceKind, config: Record<string, unknown>) {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-listen-'))
  const lines: LogLine[] = []
  const counts = new Map<SourceCount, number>()
  const open = (state: SourceEngine['state']) =>
    kind.create(
      kind.config.parse(config),
      createSourceHost({ name: `${kind.name}:test`, projectDir: dir, state, lines, counts }),
    ) as PullSource
  const urls = () => lines.filter(({ code }) => code === 'SOURCE_LISTENING').map(({ url }) => new URL(url as string))
  return { dir, lines, counts, open, urls, close: () => rm(dir, { recursive: true, force: true }) }
}

/** A source that listens, and a small engine that takes what it gives; both end with the test. */
export async function startListening(kind: SourceKind, config: Record<string, unknown>, run: RunOptions = {}) {
  const place = await createPlace(kind, config)
  const engine = createSourceEngine(decoders)
  const ended = new AbortController()
  const running = engine.run(place.open(engine.state), { ...run, signal: ended.signal })
  const stop = async () => {
    ended.abort()
    await running
  }
  onTestFinished(async () => {
    await stop()
    await place.close()
  })
  await vi.waitFor(() => {
    if (place.urls().length === 0) throw new Error('It does not listen yet.')
  }, 5_000)
  const texts = () => engine.taken.map(({ text }) => text)
  return {
    ...{ ...place, engine, texts, stop },
    port: Number(place.urls().at(-1)!.port),
    /** Resolves when the engine has so many records. */
    async taken(count: number): Promise<readonly string[]> {
      await vi.waitFor(() => {
        if (texts().length < count) throw new Error(`${texts().length} of ${count} records`)
      }, 10_000)
      return texts()
    },
  }
}

/** A connection that is open; it stays so on our side when the far end ends. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends bytes over a connection of their own, and waits until the far end has taken them all. */
export async function send(port: number, ...chunks: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = await dial(port)
  socket.resume()
  for (const chunk of chunks) {
    if (!socket.write(chunk)) await once(socket, 'drain')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  socket.end()
  await once(socket, 'close')
}

/**
 * A place for the contract of sources: records are sent to whoever listens; where nobody does, a source is started for it that
 * gives nothing to an engine.
 */
export async function listeningPlace(
  kind: SourceKind,
  config: Record<string, unknown>,
  sendAll: (url: URL, texts: readonly string[]) => Promise<void>,
): Promise<SourcePlace> {
  const place = await createPlace(kind, config)

  async function isListening(url: URL | undefined): Promise<boolean> {
    if (!url) return false
    const socket = connect(Number(url.port), '127.0.0.1')
    const answered = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    return answered
  }

  async function putWithoutReader(texts: readonly string[]): Promise<void> {
    const ended = new AbortController()
    const before = place.urls().length
    const source = place.open(createSourceEngine().state)
    const reading = source.read({ signal: ended.signal, once: false })[Symbol.asyncIterator]()
    const first = reading.next()
    while (place.urls().length === before) await new Promise((resolve) => setTimeout(resolve, 5))
    await sendAll(place.urls().at(-1)!, texts)
    ended.abort()
    await first
    await reading.return?.()
  }

  return {
    async put(texts) {
      const url = place.urls().at(-1)
      if (await isListening(url)) await sendAll(url!, texts)
      else await putWithoutReader(texts)
    },
    open: place.open,
    close: place.close,
  }
}
