import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { startHttp } from './fixture.ts'

const run = promisify(execFile)

test('curl posts a file, plain, compressed and in chunks, and waits for its turn with a large one', async ({
  skip,
}) => {
  const found = await run('curl', ['--version']).catch(() => undefined)
  skip(found === undefined, 'There is no curl here.')
  const dir = await mkdtemp(join(tmpdir(), 'streamalert-curl-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const file = join(dir, 'logs')
  const lines = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`)
  const { url, taken } = await startHttp({ tokens: ['secret:TOKEN'] }, { TOKEN: 'open sesame' })
  const post = async (body: string | Uint8Array, ...args: string[]) => {
    await writeFile(file, body)
    const all = ['-sS', '-w', '%{http_code}', '-o', join(dir, 'answer'), '--data-binary', `@${file}`, ...args, url]
    return (await run('curl', all)).stdout
  }
  const token = ['-H', 'Authorization: Bearer open sesame']
  const sent = [lines('plain', 10), lines('gzip', 10), lines('chunked', 10), lines('large', 50_000)]
  const [plain, packed, chunked, large] = sent.map((some) => some.join('\n'))
  expect(await post(plain!)).toBe('401')
  expect(await post(plain!, ...token)).toBe('200')
  expect(await post(gzipSync(packed!), ...token, '-H', 'Content-Encoding: gzip')).toBe('200')
  expect(await post(chunked!, ...token, '-H', 'Transfer-Encoding: chunked')).toBe('200')
  // Beyond a megabyte or so curl asks first (Expect: 100-continue).
  expect(await post(large!, ...token, '-H', 'Expect: 100-continue')).toBe('200')
  expect((await taken(50_030)).toSorted()).toEqual(sent.flat().toSorted())
})
