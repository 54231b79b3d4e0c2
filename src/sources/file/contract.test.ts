import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PullSource } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { createSourceHost } from '../../testing/source-host.ts'
import { sourceContract } from '../../testing/source-contract.ts'
import { file } from '../file.ts'

type Write = (dir: string, time: number, texts: readonly string[]) => Promise<void>

const linesOf = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('')

const ways: Record<string, Write> = {
  'file (one that grows)': (dir, _, texts) => appendFile(join(dir, 'logs/a.log'), linesOf(texts)),
  'file (many)': async (dir, time, texts) => {
    for (const [n, text] of texts.entries()) await writeFile(join(dir, `logs/${time}-${n}.log`), `${text}\n`)
  },
  'file (compressed)': (dir, time, texts) => writeFile(join(dir, `logs/${time}.log.gz`), gzipSync(linesOf(texts))),
}

for (const [name, write] of Object.entries(ways)) {
  sourceContract(
    name,
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'streamalert-contract-'))
      await mkdir(join(dir, 'logs'))
      let time = 0
      return {
        put: (texts) => write(dir, time++, texts),
        open: (state) =>
          file.create(
            file.config.parse({ paths: ['logs/*'], pollInterval: '20ms', settle: '50ms' }),
            createSourceHost({ name: 'file:contract', projectDir: dir, state }),
          ) as PullSource,
        close: () => rm(dir, { recursive: true, force: true }),
      }
    },
    { decoders },
  )
}
