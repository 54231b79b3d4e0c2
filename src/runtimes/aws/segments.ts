import { hash } from 'node:crypto'
import { constants, zstdCompressSync } from 'node:zlib'
import type { S3 } from '@aws-sdk/client-s3'
import { awsError } from '../../aws/errors.ts'
import type { Segments } from '../../core/contracts/index.ts'
import { storeCodes } from './blobs.ts'

const { ZSTD_c_checksumFlag: checksum, ZSTD_c_compressionLevel: level } = constants

/** A frame of zstd (RFC 8878) with a checksum, in memory of its own: it may go to another thread. */
export const compressRows = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(zstdCompressSync(bytes, { params: { [checksum]: 1, [level]: 1 } }))

/** Segments in a bucket, as `segments/<cluster>/<hour>/<hash of their bytes>.ndjson.zst`, or in another folder. Rejects with STORE_FAILED. */
export const bucketSegments = (s3: S3, bucket: string, folder: 'segments' | 'aside' = 'segments'): Segments => ({
  compress: compressRows,
  async put({ cluster, hour, bytes }) {
    const name = `${hash('sha256', bytes, 'hex').slice(0, 32)}.ndjson.zst`
    try {
      await s3.putObject({ Bucket: bucket, Key: `${folder}/${cluster}/${hour}/${name}`, Body: bytes })
    } catch (error) {
      throw awsError(error, storeCodes)
    }
  },
})
