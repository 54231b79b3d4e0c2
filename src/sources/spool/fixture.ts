import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SourceCount } from '../../core/component.ts'
import type { LogLine, PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { createSourceEngine, type RunOptions } from '../../testing/source-engine.ts'
import { openSpool, type Spool, type SpoolOptions } from './index.ts'

/** A spool in a folder of its own, and a small engine over it: for tests. */
export async function createFixture(given: Partial<SpoolOptions> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-spool-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const engine = createSourceEngine(decoders)
  const logged: LogLine[] = []
  const counts = new Map<SourceCount, number>()
  const clock = { now: 1_700_000_000_000 }
  const options: SpoolOptions = {
    dir: join(dir, 'spool'),
    source: 'test:spool',
    state: engine.state,
    maxBytes: 67_108_864,
    maxAgeMs: 86_400_000,
    policy: 'block',
    keepSettledMs: 0,
    now: () => clock.now,
    log: (line) => void logged.push(line),
    count: (what, n = 1) => void counts.set(what, n + (counts.get(what) ?? 0)),
    ...given,
  }
  const open = () => openSpool(options)
  return {
    ...{ dir: options.dir, engine, logged, counts, clock, options, open },
    texts: () => engine.taken.map(({ text }) => text),
    /** Reads all there is, with a spool that was just opened. */
    async drain(run: RunOptions = {}, spool?: Spool) {
      const opened = spool ?? (await open())
      await engine.run(sourceOf(opened), { once: true, ...run })
      await opened.close()
    },
  }
}

export const sourceOf = (spool: Spool): PullSource => ({ read: (options) => spool.read(options) })

export const line = (text: string) => ({ bytes: Buffer.from(text), framing: 'lines' as const })
