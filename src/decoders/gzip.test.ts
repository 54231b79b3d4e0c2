import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { gzip } from './gzip.ts'
import { decoderContract } from '../testing/decoder-contract.ts'

decoderContract(gzip, gzipSync)

test('passes over zeros behind its end, as tape and block padding leaves them', () => {
  const padded = Buffer.concat([gzipSync('one\n'), Buffer.alloc(512)])
  expect(Buffer.from(gzip.decode(padded, 100)).toString()).toBe('one\n')
})
