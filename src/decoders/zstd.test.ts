import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { chunked, decoderContract, drain, limits } from '../testing/decoder-contract.ts'
import { zstd } from './zstd.ts'

decoderContract(zstd, zstdCompressSync)

test('passes over skippable frames', async () => {
  const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 0xff, 0xff, 0xff])
  const frames = Buffer.concat([skippable, zstdCompressSync('one\n'), skippable, zstdCompressSync('two\n'), skippable])
  expect(zstd.detects(frames)).toBe(true)
  expect(Buffer.from(zstd.decode(frames, 100)).toString()).toBe('one\ntwo\n')
  for (const size of [1, 5, frames.length]) {
    expect(await drain(zstd.stream(chunked(frames, size), limits))).toMatchObject({ text: 'one\ntwo\n' })
  }
})
