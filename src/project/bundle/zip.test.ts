import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { zip } from './zip.ts'

const entries = [
  { name: 'index.mjs', bytes: Buffer.from('export const x = 1\n'.repeat(1000)) },
  { name: 'a/empty.json', bytes: Buffer.from('') },
]

test('an archive holds its files, and is the same for the same files', () => {
  const archive = zip(entries)
  expect(zip(entries).equals(archive)).toBe(true)
  expect(archive.length).toBeLessThan(1000)
  const size = archive.readUInt32LE(18)
  const start = 30 + archive.readUInt16LE(26)
  expect(inflateRawSync(archive.subarray(start, start + size)).equals(entries[0]!.bytes)).toBe(true)
})

test('other programs read it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.zip')
  writeFileSync(file, zip(entries))
  const script = `import zipfile, sys; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size, oct(i.external_attr >> 16)) for i in z.infolist()])`
  const told = execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })
  expect(told.trim()).toBe("None [('index.mjs', 19000, '0o100644'), ('a/empty.json', 0, '0o100644')]")
})
