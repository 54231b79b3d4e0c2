import type { Hash } from '../../core/ids.ts'
import type { Table } from './table.ts'

/** Where large values lie, such as a bucket. What is put twice under a key is the same. */
export interface Blobs {
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Throws where there is none. */
  get(key: string): Promise<Uint8Array>
}

/** How long things are kept, milliseconds. */
export interface Kept {
  readonly alertsMs: number
  readonly quarantineMs: number
  readonly hitsMs: number
}

/** What all parts of the store share. */
export interface Db {
  readonly table: Table
  readonly blobs: Blobs
  readonly hash: Hash
  readonly kept: Kept
  /** Where blobs lie, each with a slash at its end. */
  readonly folders: { readonly large: string; readonly quarantine: string }
}

/** The attribute by which DynamoDB removes an item by itself, some time after it: seconds since 1970. */
export const expires = (time: number, keptMs: number): { readonly expires: number } => ({
  expires: Math.ceil((time + keptMs) / 1000),
})
