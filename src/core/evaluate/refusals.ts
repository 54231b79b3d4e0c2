import type { Unclassified } from '../classify/index.ts'
import type { Frame, QuarantineEntry } from '../contracts/index.ts'
import { type Hash, quarantineId, recordId } from '../ids.ts'
import type { Piece } from '../split/index.ts'
import { createStretches } from './stretches.ts'
import type { Tally } from './tally.ts'

/** What of a frame goes to quarantine instead of to the rules, counted. */
export interface Refusals {
  /** `text`: what its id is made of; `raw`: what is kept of it. */
  add(position: string, text: string, raw: Uint8Array, verdict: Unclassified): void
  /** A text, the frame's `number`-th, that is one record; neighbours may share an entry. */
  text(position: string, piece: Piece, raw: Uint8Array, number: number, verdict: Unclassified): void
  entries(bytes: Uint8Array): readonly QuarantineEntry[]
}

/** `firstLine`: of the stream, as known so far. `maxKeptBytes`: of one entry. */
export function createRefusals(
  { source, cluster, receivedAt }: Frame,
  { hash, maxKeptBytes }: { readonly hash: Hash; readonly maxKeptBytes: number },
  tally: Tally,
  firstLine: () => string | undefined,
): Refusals {
  const quarantine: QuarantineEntry[] = []
  const stretches = createStretches(maxKeptBytes)

  function add(position: string, text: string, raw: Uint8Array, { reason, message, nearest }: Unclassified): void {
    tally.add('quarantined', { source, cluster, reason })
    const id = quarantineId(hash, recordId(hash, source, position, text), '')
    // A copy, which `slice` of a Buffer is not: the memory that it lies in is used again.
    const kept = new Uint8Array(raw.subarray(0, maxKeptBytes))
    const head = firstLine()
    const base = { id, kind: 'record', reason, message, source, cluster, position, receivedAt, raw: kept } as const
    quarantine.push({ ...base, ...(nearest && { nearest }), ...(head !== undefined && { firstLine: head }) })
  }

  return {
    add,
    text(position, piece, raw, number, verdict) {
      if (stretches.joins(quarantine, piece, number, verdict)) {
        tally.add('quarantined', { source, cluster, reason: verdict.reason })
        return
      }
      add(position, piece.text, raw, verdict)
      stretches.begin(quarantine.length - 1, piece, number)
    },
    entries: (bytes) => stretches.filled(quarantine, bytes),
  }
}
