import type { S3 } from '@aws-sdk/client-s3'
import { awsError } from '../../../aws/errors.ts'
import type { Blobs } from '../../../stores/aws-dynamodb/index.ts'
import { bucketBlobs, storeCall, storeCodes } from '../blobs.ts'

/** An object as a listing tells of it. */
export interface Listed {
  readonly key: string
  /** Epoch milliseconds. */
  readonly modified: number
}

/** The bucket of history. Everything rejects with STORE_FAILED. */
export interface Lake extends Pick<Blobs, 'get' | 'put'> {
  /** Names of folders within a folder (`segments/`), without their slashes. */
  folders(prefix: string): Promise<readonly string[]>
  /** Objects whose keys begin so and are wanted, by key, at least the first `most` of them. */
  list(prefix: string, most?: number, isWanted?: (key: string) => boolean): Promise<readonly Listed[]>
  /** Those that are not there are no fault. */
  remove(keys: readonly string[]): Promise<void>
}

/** Keys that S3 takes or gives at once. */
const page = 1_000

export function openLake(s3: S3, bucket: string): Lake {
  async function* pages(prefix: string, more: { readonly Delimiter?: string } = {}) {
    for (let from: string | undefined; ; ) {
      const after = from !== undefined && { ContinuationToken: from }
      const found = await storeCall(
        s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, MaxKeys: page, ...more, ...after }),
      )
      yield found
      from = found.NextContinuationToken
      if (from === undefined) return
    }
  }
  return {
    ...bucketBlobs(s3, bucket),
    async folders(prefix) {
      const names: string[] = []
      for await (const { CommonPrefixes = [] } of pages(prefix, { Delimiter: '/' }))
        for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.slice(prefix.length, -1))
      return names
    },
    async list(prefix, most = Number.POSITIVE_INFINITY, isWanted = () => true) {
      const found: Listed[] = []
      for await (const { Contents = [] } of pages(prefix)) {
        for (const { Key = '', LastModified } of Contents)
          if (isWanted(Key)) found.push({ key: Key, modified: LastModified?.getTime() ?? 0 })
        if (found.length >= most) break
      }
      return found
    },
    async remove(keys) {
      for (let at = 0; at < keys.length; at += page) {
        const Objects = keys.slice(at, at + page).map((Key) => ({ Key }))
        const { Errors = [] } = await storeCall(s3.deleteObjects({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
        const [first] = Errors
        if (first)
          throw awsError(Object.assign(new Error(first.Message), { name: first.Code ?? 'Unknown' }), storeCodes)
      }
    },
  }
}
