import { copyFileSync, truncateSync } from 'node:fs'
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { decoders } from '../../decoders/index.ts'
import { proofAt, statOf } from './content.ts'
import type { Entry } from './entry.ts'
import { type Identity, identify } from './identity.ts'

test('what is truncated while a copy of it is compared with it does not make the copy a new file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-file-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const path = join(dir, 'a.csv')
  await writeFile(path, 'number,text\n1,one\n2,two\n')
  copyFileSync(path, `${path}.1`)
  const statsOf = async (path: string) => statOf(await stat(path, { bigint: true }))!
  const handle = await open(path)
  const mark = await proofAt(handle, 24)
  const head = await proofAt(handle, 11)
  await handle.close()
  const entry: Entry = {
    ...{ origin: 'a.csv#1', path: 'a.csv', hint: (await statsOf(path)).hint, mtime: 0 },
    ...{ compressed: false, offset: 24, complete: true, head, earlier: [] },
    mark: {
      ...{ at: mark.at, bytes: mark.bytes },
      /** Asked for when the bytes before the mark have just been read. */
      get hash() {
        truncateSync(path)
        return mark.hash
      },
    },
  }
  const holder = { path, stat: await statsOf(path), busy: false, listing: 1 }
  const file = { path: `${path}.1`, name: 'a.csv.1', stat: await statsOf(`${path}.1`), listing: 2, settled: true }
  const identities: Identity[] = []
  await identify(
    [file],
    { entries: new Map([[entry.origin, entry]]), decoders, holder: () => holder },
    (_, identity) => identities.push(identity),
    (_, error) => expect.unreachable(String(error)),
  )
  expect(identities).toEqual(['copy'])
})
