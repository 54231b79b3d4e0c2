import type { S3 } from '@aws-sdk/client-s3'
import { awsError } from '../../aws/errors.ts'
import type { Blobs } from '../../stores/aws-dynamodb/index.ts'

export const storeCodes = {
  unavailable: 'STORE_FAILED',
  misconfigured: 'STORE_FAILED',
  rejected: 'STORE_FAILED',
} as const

/** What a call answers. Rejects with STORE_FAILED when it does. */
export async function storeCall<T>(made: Promise<T>): Promise<T> {
  try {
    return await made
  } catch (error) {
    throw awsError(error, storeCodes)
  }
}

/** Blobs in a bucket, which encrypts them by its own rule. */
export const bucketBlobs = (s3: S3, bucket: string): Blobs => ({
  put: async (key, bytes) => void (await storeCall(s3.putObject({ Bucket: bucket, Key: key, Body: bytes }))),
  async get(key) {
    const { Body } = await storeCall(s3.getObject({ Bucket: bucket, Key: key }))
    return (await Body?.transformToByteArray()) ?? new Uint8Array()
  },
})
