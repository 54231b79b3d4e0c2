import { messageOf } from '../../../core/errors.ts'
import type { Fields } from '../../../core/fields/spec.ts'
import { type Batch, createBatch } from './batch.ts'
import type { Lake } from './lake.ts'
import { type Plan, segmentKey } from './plans.ts'

/** What was read of segments. */
export interface Read {
  readonly batch: Batch
  /** Names of those that were read: the first of them, when it was enough. */
  readonly segments: readonly string[]
  readonly damaged: readonly Damaged[]
}

/** A segment that could not be decompressed. */
export interface Damaged {
  readonly name: string
  readonly bytes: Uint8Array
  /** What is wrong with it. */
  readonly cause: string
}

/** Segments that are fetched at the same time. */
const ahead = 16

/** Reads segments until it is enough, and at least one. */
export async function readSegments(
  lake: Lake,
  { cluster, hour, segments }: Pick<Plan, 'cluster' | 'hour' | 'segments'>,
  fields: ReadonlyMap<string, Fields>,
  isEnough: (batch: Batch) => boolean,
): Promise<Read> {
  const batch = createBatch(fields)
  const damaged: Damaged[] = []
  const read: string[] = []
  for (let at = 0; at < segments.length; at += ahead) {
    const names = segments.slice(at, at + ahead)
    const bodies = await Promise.all(names.map((name) => lake.get(segmentKey({ cluster, hour }, name))))
    for (const [n, bytes] of bodies.entries()) {
      if (read.length > 0 && isEnough(batch)) return { batch, segments: read, damaged }
      const name = names[n]!
      read.push(name)
      try {
        batch.add(bytes)
      } catch (error) {
        damaged.push({ name, bytes, cause: messageOf(error) })
      }
    }
  }
  return { batch, segments: read, damaged }
}
