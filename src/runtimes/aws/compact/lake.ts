import type { S3 } from '@aws-sdk/client-s3'
import { awsError } from '../../../aws/errors.ts'
import { storeCodes } from '../blobs.ts'

/** An object as a listing tells of it. */
export interface Listed {
  readonly key: string
  /** Epoch milliseconds. */
  readonly modified: number
}

/** The bucket of history. Everything rejects with STORE_FAILED. */
export interface Lake {
  /** Names of folders within a folder (`segments/`), without their slashes. */
  folders(prefix: string): Promise<readonly string[]>
  /** Objects whose keys begin so and are wanted, by key, at least the first `most` of them. */
  list(prefix: string, most?: number, isWanted?: (key: string) => boolean): Promise<readonly Listed[]>
  get(key: string): Promise<Uint8Array>
  put(key: string, bytes: Uint8Array | string): Promise<void>
  /** Those that are not there are no fault. */
  remove(keys: readonly string[]): Promise<void>
}

/** Keys that S3 takes or gives at once. */
const page = 1_000

export function openLake(s3: S3, bucket: string): Lake {
  const call = async <T>(made: Promise<T>): Promise<T> => {
    try {
      return await made
    } catch (error) {
      throw awsError(error, storeCodes)
    }
  }
  return {
    async folders(prefix) {
      const names: string[] = []
      for (let from: string | undefined; ; ) {
        const asked = {
          Bucket: bucket,
          Prefix: prefix,
          Delimiter: '/',
          ...(from !== undefined && { ContinuationToken: from }),
        }
        const { CommonPrefixes = [], NextContinuationToken: next } = await call(s3.listObjectsV2(asked))
        for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(prefix.length, -1))
        if (next === undefined) return names
        from = next
      }
    },
    async list(prefix, most = Number.POSITIVE_INFINITY, isWanted = () => true) {
      const found: Listed[] = []
      for (let from: string | undefined; ; ) {
        const asked = {
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: page,
          ...(from !== undefined && { ContinuationToken: from }),
        }
        const { Contents = [], NextContinuationToken: next } = await call(s3.listObjectsV2(asked))
        for (const { Key = '', LastModified } of Contents)
          if (isWanted(Key)) found.push({ key: Key, modified: LastModified?.getTime() ?? 0 })
        if (next === undefined || found.length >= most) return found
        from = next
      }
    },
    async get(key) {
      const { Body } = await call(s3.getObject({ Bucket: bucket, Key: key }))
      return (await Body?.transformToByteArray()) ?? new Uint8Array()
    },
    put: async (key, bytes) => void (await call(s3.putObject({ Bucket: bucket, Key: key, Body: bytes }))),
    async remove(keys) {
      for (let at = 0; at < keys.length; at += page) {
        const Objects = keys.slice(at, at + page).map((Key) => ({ Key }))
        const { Errors = [] } = await call(s3.deleteObjects({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
        const [first] = Errors
        if (first)
          throw awsError(Object.assign(new Error(first.Message), { name: first.Code ?? 'Unknown' }), storeCodes)
      }
    },
  }
}
