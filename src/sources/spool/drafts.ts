import type { Draft } from './block.ts'
import type { SpoolEntry } from './options.ts'

/** Entries up to this size are joined with others of their framing. Bytes. */
const joinedEntry = 262_144
/** What is joined is delivered in stretches of about this size. Bytes. */
const joinedSection = 1_048_576

const feed = Buffer.from('\n')

/** Sections of the entries, in their order but for the framing: small lines together, small JSON together, others alone. */
export function draftsOf(entries: Iterable<SpoolEntry>): readonly Draft[] {
  const drafts: Draft[] = []
  const open = new Map<string, { pieces: Uint8Array[]; bytes: number; records: number }>()
  const close = (framing: 'lines' | 'json') => {
    const section = open.get(framing)
    if (!section) return
    drafts.push({ framing, records: section.records, pieces: [Buffer.concat(section.pieces)] })
    open.delete(framing)
  }
  for (const { bytes, framing = 'as-sent', records = 1 } of entries) {
    if (bytes.byteLength === 0) continue
    if ((framing !== 'lines' && framing !== 'json') || bytes.byteLength > joinedEntry) {
      drafts.push({ framing, records, pieces: [bytes] })
      continue
    }
    const section = open.get(framing) ?? { pieces: [], bytes: 0, records: 0 }
    open.set(framing, section)
    section.pieces.push(bytes)
    if (bytes.at(-1) !== 10) section.pieces.push(feed)
    section.bytes += bytes.byteLength
    section.records += records
    if (section.bytes >= joinedSection) close(framing)
  }
  close('lines')
  close('json')
  return drafts
}
