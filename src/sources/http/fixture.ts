import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { SourceCount } from '../../core/component.ts'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { createSourceEngine, type RunOptions, type SourceEngine } from '../../testing/source-engine.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { http } from './index.ts'

/** A folder, a configuration and secrets: what outlasts a start of the process. */
export async function createPlace(config: Record<string, unknown> = {}, secrets: Record<string, string> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-http-'))
  const lines: LogLine[] = []
  const counts = new Map<SourceCount, number>()
  const open = (state: SourceEngine['state']) =>
    http.create(
      http.config.parse({ listen: '127.0.0.1:0', ...config }),
      createSourceHost({ name: 'http:test', projectDir: dir, state, lines, counts, secrets }),
    ) as PullSource
  const listening = () => lines.filter(({ code }) => code === 'SOURCE_LISTENING').map(({ url }) => url as string)
  return { dir, lines, counts, open, listening, close: () => rm(dir, { recursive: true, force: true }) }
}

/** A source that listens, and a small engine that takes what it gives; both end with the test. */
export async function startHttp(
  config: Record<string, unknown> = {},
  secrets: Record<string, string> = {},
  run: RunOptions = {},
) {
  const place = await createPlace(config, secrets)
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
  const url = await vi.waitFor(() => {
    const [found] = place.listening()
    if (found === undefined) throw new Error('It does not listen yet.')
    return found
  })
  const texts = () => engine.taken.map(({ text }) => text)
  return {
    ...{ ...place, engine, url, texts, stop },
    /** Resolves when the engine has so many records. */
    async taken(count: number): Promise<readonly string[]> {
      await vi.waitFor(() => {
        if (texts().length < count) throw new Error(`${texts().length} of ${count} records`)
      }, 10_000)
      return texts()
    },
    post: (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      fetch(url + path, { method: 'POST', body, headers }),
  }
}
