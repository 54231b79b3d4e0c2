import type { Rows, Segments } from '../contracts/index.ts'

/** Characters that are compressed at once: what lies in memory uncompressed stays small. */
const piece = 1_048_576
/** Characters below which the records of a frame are compressed together with those of others. */
const few = 65_536

/** Gathers the records of one frame for history. */
export function createRows({ compress }: Pick<Segments, 'compress'>) {
  const encoder = new TextEncoder()
  const pieces: Uint8Array[] = []
  let text = ''
  const pack = () => {
    pieces.push(compress(encoder.encode(text)))
    text = ''
  }
  return {
    /** `line`: of one record, with its end. */
    add(line: string): void {
      text += line
      if (text.length >= piece) pack()
    },
    /** What was added; undefined when that is nothing. */
    rows(): Rows | undefined {
      if (pieces.length === 0 && text === '') return undefined
      if (pieces.length === 0 && text.length < few) return { pieces: [encoder.encode(text)], compressed: false }
      if (text !== '') pack()
      return { pieces, compressed: true }
    },
  }
}
