import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PullSource } from '../../core/contracts/index.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { openSpool, type Spool, type SpoolOptions } from './index.ts'

sourceContract('a source over a spool', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-spool-'))
  let spool: Spool | undefined
  const open = (state: SpoolOptions['state']) =>
    openSpool({
      ...{ dir, source: 'test:spool', state, maxBytes: 1e7, maxAgeMs: 1e6, policy: 'block' },
      ...{ now: () => Date.now(), log: () => {}, count: () => {} },
    })
  const nothing = { get: async () => undefined, set: async () => true, list: async () => [], delete: async () => {} }

  return {
    async put(texts) {
      const appendTo = spool ?? (await open(nothing))
      for (const text of texts) await appendTo.append([{ bytes: Buffer.from(text), framing: 'lines' }])
      if (!spool) await appendTo.close()
    },
    open: (state): PullSource => ({
      async *read(options) {
        spool = await open(state)
        try {
          yield* spool.read(options)
        } finally {
          await spool.close()
          spool = undefined
        }
      },
    }),
    close: () => rm(dir, { recursive: true, force: true }),
  }
})
