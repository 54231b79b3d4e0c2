import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { createSourceEngine, type RunOptions } from '../../testing/source-engine.ts'
import { file } from '../file.ts'

/** A folder of its own, an engine, and file sources over both: for the tests of this source. */
export async function createFixture(options: Record<string, unknown> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-file-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const engine = createSourceEngine(decoders)
  const logged: LogLine[] = []
  const config = file.config.parse({ paths: ['logs/**'], pollInterval: '20ms', settle: '200ms', ...options })

  /** A source as after a start of the process. */
  const open = (): PullSource =>
    file.create(
      config,
      createSourceHost({ name: 'file:test', projectDir: dir, state: engine.state, lines: logged }),
    ) as PullSource

  return {
    dir,
    engine,
    logged,
    open,
    at: (name: string) => join(dir, name),
    texts: () => engine.taken.map((record) => record.text),
    /** One run to the end of what is there. */
    once: (options: RunOptions = {}) => engine.run(open(), { once: true, ...options }),
    /** Follows in the background; ended with the test. */
    follow() {
      const ended = new AbortController()
      const running = engine.run(open(), { signal: ended.signal })
      const stop = async () => {
        ended.abort()
        await running
      }
      onTestFinished(stop)
      return stop
    },
  }
}
