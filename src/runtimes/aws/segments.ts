import { hash } from 'node:crypto'
import { constants, zstdCompressSync } from 'node:zlib'
import type { S3 } from '@aws-sdk/client-s3'
import type { Segments } from '../../core/contracts/index.ts'
import { bucketBlobs } from './blobs.ts'

const { ZSTD_c_checksumFlag: checksum, ZSTD_c_compressionLevel: level } = constants

/** A frame of zstd (RFC 8878) with a checksum, in memory of its own: it may go to another thread. */
export const compressRows = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(zstdCompressSync(bytes, { params: { [checksum]: 1, [level]: 1 } }))

/** Segments in a bucket, as `segments/<cluster>/<hour>/<hash of their bytes>.ndjson.zst`, or in another folder. Rejects with STORE_FAILED. */
export function bucketSegments(s3: S3, bucket: string, folder: 'segments' | 'aside' = 'segments'): Segments {
  const { put } = bucketBlobs(s3, bucket)
  return {
    compress: compressRows,
    put: ({ cluster, hour, bytes }) =>
      put(`${folder}/${cluster}/${hour}/${hash('sha256', bytes, 'hex').slice(0, 32)}.ndjson.zst`, bytes),
  }
}
