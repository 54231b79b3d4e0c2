import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { createFixture } from './file/fixture.ts'

const lines = (from: number, to: number, prefix = 'line') =>
  Array.from({ length: to - from }, (_, n) => `${prefix} ${from + n}\n`).join('')
const textsOf = (text: string) => text.split('\n').filter((line) => line !== '')
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

describe('once', () => {
  test('reads plain and compressed files, told by content', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs/deep/er'), { recursive: true })
    await writeFile(at.at('logs/a.log'), lines(0, 3))
    await writeFile(at.at('logs/deep/b.log'), gzipSync(lines(3, 6)))
    await writeFile(at.at('logs/deep/er/c.txt'), zstdCompressSync(lines(6, 9)))
    await writeFile(at.at('logs/deep/plain.gz'), lines(9, 12))
    await at.once()
    expect(at.texts().toSorted()).toEqual(textsOf(lines(0, 12)).toSorted())
  })

  test('a second run reads nothing, a third what was appended', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 3))
    await writeFile(at.at('logs/b.gz'), gzipSync(lines(3, 6)))
    await at.once()
    await at.once()
    expect(at.engine.seen).toHaveLength(2)
    await appendFile(at.at('logs/a.log'), lines(6, 8))
    await at.once()
    expect(at.texts()).toEqual(textsOf(lines(0, 8)))
    expect(at.engine.seen.at(-1)?.firstLine).toBe('line 0')
  })

  test('gives the head of W3C extended log files with what was appended, as it stands there', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), '#Version: 1.0\n#Fields: a b\n1 2\n')
    await at.once()
    await appendFile(at.at('logs/a.log'), '3 4\n#Fields: c d\n5 6\n')
    await at.once()
    await appendFile(at.at('logs/a.log'), '7 8\n')
    await at.once()
    expect(at.engine.seen.map(({ firstLine }) => firstLine)).toEqual([undefined, '#Fields: a b', '#Fields: c d'])
  })

  test('takes a last line without its end', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\ntwo')
    await at.once()
    expect(at.texts()).toEqual(['one', 'two'])
  })

  test('goes on in the middle of plain and compressed files, with the same ids and times', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 100))
    await writeFile(at.at('logs/b.gz'), gzipSync(lines(100, 200)))
    const run = at.once({ verdict: () => ({ take: 30 }), done: () => true })
    await run
    expect(at.texts()).toHaveLength(60)
    await appendFile(at.at('logs/a.log'), lines(200, 210))
    await at.once()
    expect(at.texts().toSorted()).toEqual(textsOf(lines(0, 210)).toSorted())
    expect(new Set(at.engine.taken.map((record) => record.position)).size).toBe(210)
    const [first, , again] = at.engine.seen
    expect(again).toMatchObject({ id: first!.id, receivedAt: first!.receivedAt, offset: lines(0, 30).length })
  })

  test('files of the same first line stay apart', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.csv'), 'user,ip\nann,1\n')
    await writeFile(at.at('logs/b.csv'), 'user,ip\nann,1\n')
    await at.once()
    expect(at.engine.taken).toHaveLength(4)
    expect(new Set(at.engine.taken.map((record) => record.position)).size).toBe(4)
  })

  test('reads regular files and links to them, each file once, and nothing else', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs/sub'), { recursive: true })
    await writeFile(at.at('logs/a.log'), 'one\n')
    await writeFile(at.at('outside.log'), 'two\n')
    await symlink(at.at('outside.log'), at.at('logs/link.log'))
    await symlink(at.at('logs/a.log'), at.at('logs/same.log'))
    await symlink(at.at('logs'), at.at('logs/sub/loop'))
    await symlink(at.at('nowhere'), at.at('logs/dangling'))
    await writeFile(at.at('logs/empty'), '')
    await at.once()
    expect(at.texts().toSorted()).toEqual(['one', 'two'])
  })

  test('says what matches nothing, and leaves out what is excluded', async () => {
    const at = await createFixture({ paths: ['logs/*.log', 'none/*.log'], exclude: ['skip*'] })
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/skip.log'), 'no\n')
    await writeFile(at.at('logs/a.log'), 'yes\n')
    await at.once()
    expect(at.texts()).toEqual(['yes'])
    expect(at.logged.map((line) => line.code)).toEqual(['SOURCE_NOT_FOUND'])
  })

  test('cuts no character at the border of chunks', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    const text = Array.from({ length: 60_000 }, (_, n) => `käyttäjä ${n} 🦉漢字`).join('\n')
    await writeFile(at.at('logs/a.log'), text)
    await writeFile(at.at('logs/b.gz'), gzipSync(text))
    await at.once()
    expect(at.texts()).toEqual([...text.split('\n'), ...text.split('\n')])
  })

  test('a body streams in chunks and may be opened again', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/sparse.log'), 'x\n')
    await truncate(at.at('logs/sparse.log'), 100_000_000)
    for await (const batch of at.open().read({ signal: new AbortController().signal, once: true })) {
      for (let time = 0; time < 2; time++) {
        let size = 0
        for await (const chunk of batch.deliveries[0]!.body()) {
          expect(chunk.byteLength).toBeLessThanOrEqual(1_048_576)
          size += chunk.byteLength
        }
        expect(size).toBe(100_000_000)
      }
      break
    }
  })

  test('many files come in batches of a bounded size', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    for (let n = 0; n < 300; n++) await writeFile(at.at(`logs/${n}.json`), `{"n":${n}}`)
    let batches = 0
    await at.once({
      done: () => {
        batches++
        return false
      },
    })
    expect(at.texts()).toHaveLength(300)
    expect(batches).toBeGreaterThanOrEqual(5)
    expect(batches).toBeLessThan(10)
  })
})

describe('follow', () => {
  test('reads what is appended, and new files', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 2))
    at.follow()
    await soon(() => expect(at.texts()).toHaveLength(2))
    await appendFile(at.at('logs/a.log'), lines(2, 4))
    await soon(() => expect(at.texts()).toHaveLength(4))
    await mkdir(at.at('logs/later/on'), { recursive: true })
    await writeFile(at.at('logs/later/on/b.gz'), gzipSync(lines(4, 6)))
    await soon(() => expect(at.texts()).toEqual(textsOf(lines(0, 6))))
  })

  test('begins before there is anything', async () => {
    const at = await createFixture({ paths: ['logs/a.log'] })
    at.follow()
    await soon(() => expect(at.logged).toHaveLength(1))
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    await soon(() => expect(at.texts()).toEqual(['one']))
  })

  test('waits for the end of a line while its writer is at it', async () => {
    const at = await createFixture({ settle: '1h' })
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\ntw')
    await writeFile(at.at('logs/b.log'), 'fir')
    at.follow()
    await soon(() => expect(at.texts()).toEqual(['one']))
    await appendFile(at.at('logs/a.log'), 'o\nthree\nfo')
    await appendFile(at.at('logs/b.log'), 'st\n')
    await soon(() => expect(at.texts().toSorted()).toEqual(['first', 'one', 'three', 'two']))
  })

  test('takes an unfinished line when nothing more comes, and goes on behind it', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one')
    at.follow()
    await soon(() => expect(at.texts()).toEqual(['one']))
    await appendFile(at.at('logs/a.log'), '\ntwo\n')
    await soon(() => expect(at.texts()).toEqual(['one', 'two']))
  })

  test('a compressed file is read when its writer has finished', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    const packed = gzipSync(lines(0, 1000))
    at.follow()
    for (let part = 0; part < 5; part++) {
      await appendFile(at.at('logs/a.gz'), packed.subarray(part * 500, part === 4 ? undefined : part * 500 + 500))
    }
    await soon(() => expect(at.texts()).toHaveLength(1000))
    expect(at.engine.seen.length).toBeLessThanOrEqual(2)
    await appendFile(at.at('logs/a.gz'), gzipSync('another member\n'))
    await soon(() => expect(at.texts().at(-1)).toBe('another member'))
    expect(at.texts()).toHaveLength(1001)
  })
})

describe('rotation', () => {
  const header = 'time,user,ip\n'

  test.each(['follow', 'restart'])('rename and a new file of the same header: %s', async (way) => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.csv'), header + lines(0, 5))
    const stop = at.follow()
    await soon(() => expect(at.texts()).toHaveLength(6))
    if (way === 'restart') await stop()
    await appendFile(at.at('logs/a.csv'), lines(5, 7))
    await rename(at.at('logs/a.csv'), at.at('logs/a.csv.1'))
    await writeFile(at.at('logs/a.csv'), header + lines(100, 103))
    if (way === 'restart') at.follow()
    await soon(() => expect(at.texts()).toHaveLength(12))
    await appendFile(at.at('logs/a.csv.1'), 'late\n')
    await soon(() => expect(at.texts()).toContain('late'))
    const expected = [...textsOf(header + lines(0, 7)), 'late', ...textsOf(header + lines(100, 103))]
    expect(at.texts().toSorted()).toEqual(expected.toSorted())
    expect(new Set(at.engine.taken.map((record) => record.position)).size).toBe(13)
  })

  test.each(['follow', 'restart'])('a chain of renames and a compression: %s', async (way) => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log.1'), `old ${lines(0, 5)}`)
    await writeFile(at.at('logs/a.log'), `new ${lines(5, 10)}`)
    const stop = at.follow()
    await soon(() => expect(at.texts()).toHaveLength(10))
    if (way === 'restart') await stop()
    await writeFile(at.at('logs/a.log.2.gz'), gzipSync(`old ${lines(0, 5)}`))
    await rm(at.at('logs/a.log.1'))
    await rename(at.at('logs/a.log'), at.at('logs/a.log.1'))
    await writeFile(at.at('logs/a.log'), lines(10, 12))
    if (way === 'restart') at.follow()
    await soon(() => expect(at.texts()).toContain('line 11'))
    await writeFile(at.at('logs/a.log.1.gz'), gzipSync(`new ${lines(5, 10)}unseen\n`))
    await rm(at.at('logs/a.log.1'))
    await soon(() => expect(at.texts()).toContain('unseen'))
    expect(at.texts()).toHaveLength(13)
  })

  test('truncated and written anew, with the same first line', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.csv'), header + lines(0, 5))
    at.follow()
    await soon(() => expect(at.texts()).toHaveLength(6))
    await truncate(at.at('logs/a.csv'))
    await appendFile(at.at('logs/a.csv'), header + lines(50, 53))
    await soon(() => expect(at.texts()).toContain('line 52'))
    expect(at.texts()).toEqual(textsOf(header + lines(0, 5) + header + lines(50, 53)))
    expect(at.logged.map((line) => line.code)).toContain('SOURCE_CHANGED')
  })

  test('truncated and grown past the place of reading before anyone looked', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.csv'), header + lines(0, 5))
    await at.once()
    await truncate(at.at('logs/a.csv'))
    await appendFile(at.at('logs/a.csv'), header + lines(50, 90))
    await at.once()
    expect(at.texts()).toEqual(textsOf(header + lines(0, 5) + header + lines(50, 90)))
  })

  test.each(['follow', 'restart'])('copied, then truncated: the copy is not read again: %s', async (way) => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 500))
    const stop = at.follow()
    await soon(() => expect(at.texts()).toHaveLength(500))
    await writeFile(at.at('logs/a.log.1'), lines(0, 300))
    await appendFile(at.at('logs/a.log'), 'between\n')
    await soon(() => expect(at.texts()).toContain('between'))
    if (way === 'restart') await stop()
    await appendFile(at.at('logs/a.log.1'), `${lines(300, 500)}between\nunseen\n`)
    await truncate(at.at('logs/a.log'))
    await appendFile(at.at('logs/a.log'), 'fresh\n')
    if (way === 'restart') at.follow()
    await soon(() => expect(at.texts()).toEqual(expect.arrayContaining(['unseen', 'fresh'])))
    expect(at.texts()).toHaveLength(503)
  })

  test.each(['follow', 'restart'])('copied, read on, then truncated: the copy is not read again: %s', async (way) => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    const path = at.at('logs/a.csv')
    await writeFile(path, header + lines(0, 20))
    const stop = at.follow()
    await soon(() => expect(at.texts()).toHaveLength(21))
    await appendFile(path, lines(20, 40))
    await soon(() => expect(at.texts()).toHaveLength(41))
    await writeFile(`${path}.1`, header + lines(0, 30))
    await writeFile(`${path}.2`, header)
    await appendFile(path, 'between\n')
    await soon(() => expect(at.texts()).toContain('between'))
    if (way === 'restart') await stop()
    await truncate(path)
    await appendFile(path, `${header}fresh\n`)
    if (way === 'restart') at.follow()
    await soon(() => expect(at.texts()).toContain('fresh'))
    await appendFile(`${path}.1`, 'late\n')
    await soon(() => expect(at.texts()).toContain('late'))
    const found = at.texts().filter((text) => text !== header.trim())
    expect(found.toSorted()).toEqual([...textsOf(lines(0, 40)), 'between', 'fresh', 'late'].toSorted())
  })

  test('another file of the same name is read from its beginning', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 5))
    await at.once()
    await writeFile(at.at('new'), lines(100, 110))
    await rename(at.at('new'), at.at('logs/a.log'))
    await at.once()
    expect(at.texts()).toEqual(textsOf(lines(0, 5) + lines(100, 110)))
  })

  test('a file that is written to a side and put into place with more of the same goes on', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), lines(0, 5))
    await at.once()
    await writeFile(at.at('new'), lines(0, 8))
    await rename(at.at('new'), at.at('logs/a.log'))
    await at.once()
    expect(at.texts()).toEqual(textsOf(lines(0, 8)))
  })

  test('a file of the same content and another name, after the first is gone, is another file', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/monday.json'), '{"ok":false}\n')
    await at.once()
    await rm(at.at('logs/monday.json'))
    await writeFile(at.at('logs/tuesday.json'), '{"ok":false}\n')
    await at.once()
    expect(at.texts()).toHaveLength(2)
  })
})

describe('trouble', () => {
  test('what cannot be read is reported once, tried again, and holds up no other', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await symlink('a.log', at.at('logs/a.log'))
    await writeFile(at.at('logs/b.log'), 'two\n')
    at.follow()
    await soon(() => expect(at.texts()).toEqual(['two']))
    await appendFile(at.at('logs/b.log'), 'three\n')
    await soon(() => expect(at.texts()).toEqual(['two', 'three']))
    await rm(at.at('logs/a.log'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    await soon(() => expect(at.texts()).toEqual(['two', 'three', 'one']))
    expect(at.logged.map((line) => [line.code, line.message.includes('logs/a.log')])).toEqual([['SOURCE_FAILED', true]])
  })

  test('once: what fails again and again is left to the next run, and said', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    await writeFile(at.at('logs/b.log'), 'two\n')
    await at.once({ verdict: (delivery) => (delivery.origin.startsWith('logs/a') ? 'refuse' : 'take') })
    expect(at.texts()).toEqual(['two'])
    expect(at.logged.map((line) => line.code)).toEqual(['SOURCE_FAILED'])
    await at.once()
    expect(at.texts()).toEqual(['two', 'one'])
  })

  test('a file that goes while it is read fails, and the others go on', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    await writeFile(at.at('logs/b.log'), 'two\n')
    let first = true
    await at.once({
      verdict: async () => {
        if (first) await truncate(at.at('logs/a.log'))
        first = false
        return 'take' as const
      },
    })
    expect(at.texts()).toEqual(['two'])
  })

  test('an abort ends promptly, waiting or in the middle of a batch', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    const ended = new AbortController()
    const source = at.open().read({ signal: ended.signal, once: false })[Symbol.asyncIterator]()
    expect((await source.next()).done).toBe(false)
    const next = source.next()
    ended.abort()
    expect((await next).done).toBe(true)
  })

  test('tells how much is unread', async () => {
    const at = await createFixture()
    await mkdir(at.at('logs'))
    await writeFile(at.at('logs/a.log'), 'one\n')
    expect(await at.open().lag?.()).toEqual({ bytes: 4 })
    await at.once()
    expect(await at.open().lag?.()).toEqual({ bytes: 0 })
    await appendFile(at.at('logs/a.log'), 'three\n')
    expect(await at.open().lag?.()).toEqual({ bytes: 6 })
  })
})
