import type { Unclassified } from '../classify/index.ts'
import type { QuarantineEntry } from '../contracts/index.ts'
import type { Piece } from '../split/index.ts'

/** Entries of one frame that stand for one text each; from then on neighbours are kept together. */
const mostSingle = 1_000

/** Neighbouring texts that one entry of the quarantine stands for, as bytes of their frame. */
interface Stretch {
  readonly entry: number
  readonly from: number
  to: number
  /** The number of the last text. */
  last: number
}

/**
 * A body of a million tiny lines that nothing understands would make a million entries, each many times as large as its line. So
 * beyond the first thousand of a frame, texts that follow one another and are refused for the same reason are one entry, with all
 * their bytes: to try it again splits them as at first.
 */
export function createStretches(maxBytes: number) {
  const stretches: Stretch[] = []
  return {
    /** The entry of this number stands for the text `piece`, the frame's `number`-th. */
    begin(entry: number, { offset, length }: Piece, number: number): void {
      if (entry >= mostSingle) stretches.push({ entry, from: offset, to: offset + length, last: number })
    },
    /** Adds a text to the last entry, where that may be. */
    joins(
      entries: readonly QuarantineEntry[],
      { offset, length }: Piece,
      number: number,
      { reason }: Unclassified,
    ): boolean {
      const open = stretches.at(-1)
      if (!open || open.entry !== entries.length - 1 || open.last !== number - 1) return false
      if (entries[open.entry]!.reason !== reason || offset + length - open.from > maxBytes) return false
      open.to = offset + length
      open.last = number
      return true
    },
    /** The entries, with the bytes of all that they stand for. */
    filled(entries: readonly QuarantineEntry[], bytes: Uint8Array): readonly QuarantineEntry[] {
      if (stretches.length === 0) return entries
      const grown = new Map(stretches.map((stretch) => [stretch.entry, stretch]))
      return entries.map((entry, n) => {
        const stretch = grown.get(n)
        if (!stretch || stretch.to - stretch.from <= entry.raw.length) return entry
        return { ...entry, raw: new Uint8Array(bytes.subarray(stretch.from, stretch.to)) }
      })
    },
  }
}
