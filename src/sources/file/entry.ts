import { basename, dirname } from 'node:path/posix'
import { z } from 'zod'
import type { StateEntry } from '../../core/contracts/index.ts'

/** Proof that a stretch of stored bytes is still the same: the hash of the `bytes` bytes that end at `at`. */
const proof = z.object({ at: z.number(), bytes: z.number(), hash: z.string() })
export type Proof = z.infer<typeof proof>

/** What is kept of one file, under its identity. Offsets count after decompression unless said otherwise. */
const entry = z.object({
  /** The identity: project-relative path as first seen, `#`, hash of the first line as first seen, and `.2`, `.3`, … for later files of that same path and line. */
  origin: z.string(),
  /** Where it was last found, relative to the project. */
  path: z.string(),
  /** Device, inode and birth of the file last found: a hint after a rename, never proof. */
  hint: z.string(),
  /** The first line, as far as it is known. */
  head: proof,
  /** Up to where a delivery was made, in stored bytes: tells a file that went on from one that was replaced. */
  mark: proof.optional(),
  /** Marks of before, the newest first, ever further apart: a copy that was made before the mark ends between them. Plain only. */
  earlier: z.array(proof).default([]),
  /** When the file was last written to as of the mark, epoch milliseconds. */
  mtime: z.number(),
  compressed: z.boolean(),
  /** All before it is durable. */
  offset: z.number(),
  /** Compressed only: all of the stored bytes up to the mark were decoded and are durable. */
  complete: z.boolean(),
  /** The delivery under way: begun at offset `from`, ends at stored byte `to`, taken at `at` (epoch milliseconds). */
  range: z.object({ from: z.number(), to: z.number(), at: z.number() }).optional(),
  /** Since when no file of it is found, epoch milliseconds. */
  gone: z.number().optional(),
})
export type Entry = Readonly<z.infer<typeof entry>>

/** `source`: `kind:name`. */
export const prefixOf = (source: string) => `source/${source}/`
export const keyOf = (source: string, origin: string) => prefixOf(source) + origin

export const writeEntry = (value: Entry): string => JSON.stringify(value)

/** What is stored when all before `offset` is durable; `complete`: so is all of the delivery that was noted in the entry. */
export const checkpointOf = (source: string, noted: Entry, offset: number, complete: boolean): StateEntry => ({
  key: keyOf(source, noted.origin),
  value: writeEntry({ ...noted, offset, complete, ...(complete && { range: undefined }) }),
})

/** Undefined for anything that is not an entry, such as one of a newer version. */
export function readEntry(text: string): Entry | undefined {
  try {
    return entry.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** How much further away than the one before it the next but one may be. */
const apart = 16
/** Bytes. */
const leastBehindHead = 64

/** True when so much was read behind the first line that no other file of the same header looks like it. */
export const isTelling = (head: Proof, mark: Proof | undefined) =>
  mark !== undefined && mark.at >= head.at + leastBehindHead

/** What is kept of the marks of an entry once there is a new one, at stored byte `to`. */
export function earlierMarks({ head, mark, earlier, compressed }: Entry, to: number): Proof[] {
  if (!mark || compressed) return []
  const kept: Proof[] = []
  const all = [mark, ...earlier].filter((proof) => proof.at < to && isTelling(head, proof))
  for (const [n, proof] of all.entries()) {
    const before = kept.at(-1)
    const after = all[n + 1]
    if (!before || !after || to - after.at > apart * (to - before.at)) kept.push(proof)
  }
  return kept
}

/** The entry as it was at one of its earlier marks. */
export function atEarlier(known: Entry, mark: Proof): Entry {
  const earlier = known.earlier.filter(({ at }) => at < mark.at)
  const offset = Math.min(known.offset, mark.at)
  return { ...known, mark, earlier, offset, complete: false, range: undefined }
}

/** True when all of the file that is `size` bytes long has been read. */
export function isRead(known: Entry, size: number): boolean {
  return known.compressed ? known.complete && known.mark?.at === size : known.offset >= size
}

/**
 * True when `after` is a name that rotation or compression gives to a file called `before`: `a.log` → `a.log.1`,
 * `a.log-20260131`, `a-20260131.log`, `a.log.1.gz`; `a.log.1` → `a.log.2.gz`. Only within one folder.
 */
export function isRotatedName(before: string, after: string): boolean {
  if (before === after || dirname(before) !== dirname(after)) return false
  const name = basename(before).replace(/\.(gz|zst|zstd)$/, '')
  const next = basename(after).replace(/\.(gz|zst|zstd)$/, '')
  const base = name.replace(/\.\d{1,3}$/, '')
  if (base === '') return false
  if (next === name || next === base) return next === name
  const dot = base.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, '']
  return (
    (next.startsWith(base) && /^[._-]/.test(next.slice(base.length))) ||
    (extension !== '' && next.startsWith(stem) && next.endsWith(extension) && /^[._-]\d/.test(next.slice(stem.length)))
  )
}
