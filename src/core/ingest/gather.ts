import type { Frame, FrameResult, Segment, Segments } from '../contracts/index.ts'
import { join } from './bytes.ts'

/** Collects rows until they are durable: as few segments as memory allows, of each cluster and hour mostly one. */
export interface Gatherer {
  /** Takes a result's rows; answers what is left of it, which is for the store. */
  add(frame: Frame, result: FrameResult): FrameResult
  /** True when what waits should be put before more is added. */
  isFull(): boolean
  /** Puts all that was added. Rejects when the segments do; what was added is then gone, and comes again. */
  put(): Promise<void>
}

/** Bytes that may wait: of rows as they are kept, and of decoded records. */
const limits = { kept: 8 * 1_048_576, decoded: 64 * 1_048_576 }
/** Bytes of uncompressed rows that are compressed at once. */
const piece = 1_048_576
/** Pieces of a segment at most: whoever reads it has to hold so many MB. */
const mostPieces = 64

interface Group {
  readonly cluster: string
  readonly hour: string
  readonly compressed: Uint8Array[]
  plain: Uint8Array[]
  plainBytes: number
}

export function createGatherer(segments: Segments): Gatherer {
  const groups = new Map<string, Group>()
  let kept = 0
  let decoded = 0

  function groupOf({ cluster, receivedAt }: Frame): Group {
    const hour = hourOf(receivedAt)
    const key = JSON.stringify([cluster, hour])
    const known = groups.get(key)
    if (known) return known
    const group: Group = { cluster, hour, compressed: [], plain: [], plainBytes: 0 }
    groups.set(key, group)
    return group
  }

  function take(group: Group, { pieces, compressed }: NonNullable<FrameResult['rows']>): void {
    const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
    kept += size
    const waiting = compressed ? group.compressed : group.plain
    for (const one of pieces) waiting.push(one)
    if (!compressed) group.plainBytes += size
    if (group.plainBytes >= piece) pack(group)
  }

  function pack(group: Group): void {
    if (group.plain.length === 0) return
    group.compressed.push(segments.compress(join(group.plain)))
    group.plain = []
    group.plainBytes = 0
  }

  function segmentsOf(group: Group): Segment[] {
    pack(group)
    const { cluster, hour, compressed } = group
    const starts = compressed.flatMap((_, n) => (n % mostPieces === 0 ? [n] : []))
    return starts.map((from) => ({ cluster, hour, bytes: join(compressed.slice(from, from + mostPieces)) }))
  }

  return {
    add(frame, { rows, ...rest }) {
      decoded += rest.bytes
      if (rows) take(groupOf(frame), rows)
      return rest
    },
    isFull: () => kept >= limits.kept || decoded >= limits.decoded,
    async put() {
      const all = [...groups.values()].flatMap(segmentsOf)
      groups.clear()
      kept = 0
      decoded = 0
      await Promise.all(all.map((segment) => segments.put(segment)))
    },
  }
}

/** The last moment that is written with four digits for the year. */
const latest = Date.UTC(9999, 11, 31)

/** `2026-11-22-08`, in UTC. Times that no calendar has are those of its ends. */
export function hourOf(ms: number): string {
  const time = new Date(Number.isFinite(ms) ? Math.min(Math.max(ms, 0), latest) : 0)
  return time.toISOString().slice(0, 13).replace('T', '-')
}
