import type { Classified, Unclassified, Classifier } from '../classify/index.ts'
import type { Decoder, Frame, ParseContext, QuarantineEntry } from '../contracts/index.ts'
import { type Code, CodedError } from '../errors.ts'
import { headOf, longestHead, namesColumns } from '../split/head.ts'
import { type Hash, quarantineId, recordId } from '../ids.ts'
import { type Piece, bytesOf, sniff, splitBlocks } from '../split/index.ts'
import type { Guard } from './guard.ts'
import type { Item } from './item.ts'
import { createItems } from './items.ts'
import { createStretches } from './stretches.ts'
import type { Tally } from './tally.ts'

/** Limits on what one record and one body may take. */
export interface ReadLimits {
  /** Decoded bytes of a body that is decoded at once. */
  readonly maxBodyBytes: number
  /** Bytes of one text that are kept when it cannot be processed. */
  readonly maxKeptBytes: number
}

/** Decodes, splits and classifies a frame. */
export interface Reader {
  /** Gives the classified records to `take`, some dozens at a time, in their order. They are not to be kept: few then live long. */
  read(frame: Frame, frameIndex: number, guard: Guard, tally: Tally, take: (items: readonly Item[]) => void): Reading
}

export interface Reading {
  /** Records that were given. */
  readonly records: number
  readonly quarantine: readonly QuarantineEntry[]
  /** Decoded bytes. */
  readonly bytes: number
}

export interface ReaderOptions {
  /** The classifier of a source, `kind:name`. */
  classifierOf(source: string): Classifier
  readonly decoders: readonly Decoder[]
  readonly hash: Hash
  readonly limits: ReadLimits
}

export function createReader({ classifierOf, decoders, hash, limits }: ReaderOptions): Reader {
  const itemsOf = createItems()

  function decode(frame: Frame): Uint8Array {
    if (!frame.encoded || frame.offset !== 0) return frame.bytes
    const decoder = decoders.find((candidate) => candidate.detects(frame.bytes))
    return decoder ? decoder.decode(frame.bytes, limits.maxBodyBytes) : frame.bytes
  }

  return {
    read(frame, frameIndex, guard, tally, take) {
      const { source, cluster } = frame
      const quarantine: QuarantineEntry[] = []
      const stretches = createStretches(limits.maxKeptBytes)
      const items = itemsOf(frame, tally)
      let head = frame.firstLine
      const refuse = (position: string, text: string, raw: Uint8Array, verdict: Unclassified) => {
        const { reason, message, nearest } = verdict
        tally.add('quarantined', { source, cluster, reason })
        const id = quarantineId(hash, recordId(hash, source, position, text), '')
        const kept = raw.subarray(0, limits.maxKeptBytes).slice()
        const { receivedAt } = frame
        const base = { id, kind: 'record', reason, message, source, cluster, position, receivedAt, raw: kept } as const
        quarantine.push({ ...base, ...(nearest && { nearest }), ...(head !== undefined && { firstLine: head }) })
      }

      guard.decoding(frameIndex)
      let bytes: Uint8Array
      try {
        bytes = decode(frame)
      } catch (error) {
        const coded = error instanceof CodedError ? error : undefined
        refuse(`${frame.origin}#0`, '', frame.bytes, {
          reason: coded?.code ?? 'BODY_DAMAGED',
          message: coded?.message ?? 'The compressed data could not be read.',
        })
        return { records: 0, quarantine, bytes: 0 }
      }

      const classifier = classifierOf(source)
      const framing = frame.framing ?? sniff(bytes, classifier.framings)
      if (framing !== 'json') head ??= headOf(bytes.subarray(0, longestHead))
      let index = 0
      let known: ParseContext | undefined
      const contextOf = (at: number, { text, safeIntegers }: Piece): ParseContext => {
        const first = at === 0
        if (!first && head?.startsWith('#') && namesColumns(text)) head = text
        if (known?.first !== first || known.safeIntegers !== safeIntegers || known.firstLine !== head)
          known = { first, safeIntegers, ...(head !== undefined && { firstLine: head }) }
        return known
      }
      const readPiece = (piece: Piece) => {
        const { text } = piece
        const at = frame.offset + piece.offset
        const number = index++
        if (!guard.parsing(number)) return refuse(`${frame.origin}#${at}`, text, bytesOf(piece, bytes), tooSlow)
        const found = classifier.classify(text, contextOf(at, piece))
        for (let n = 0; n < found.length; n++) {
          const one = found[n]!
          const several = found.length > 1
          if (isClassified(one)) items.add(one, at, several ? n : undefined, text)
          else if (!several && stretches.joins(quarantine, piece, number, one)) {
            tally.add('quarantined', { source, cluster, reason: one.reason })
          } else {
            const position = `${frame.origin}#${at}${several ? `[${n}]` : ''}`
            refuse(position, several ? String(n) + text : text, rawOf(one) ?? bytesOf(piece, bytes), one)
            if (!several) stretches.begin(quarantine.length - 1, piece, number)
          }
        }
      }
      for (const pieces of splitBlocks(bytes, framing)) {
        for (let at = 0; at < pieces.length; at++) readPiece(pieces[at]!)
        const batch = items.flush()
        if (batch.length > 0) take(batch)
      }
      const records = items.count()
      tally.add('bytes', { source, cluster }, bytes.byteLength)
      return { records, quarantine: stretches.filled(quarantine, bytes), bytes: bytes.byteLength }
    },
  }
}

const isClassified = (one: Classified | Unclassified): one is Classified =>
  (one as Partial<Classified>).schema !== undefined

const tooSlow = {
  reason: 'RECORD_TOO_SLOW' as Code,
  message: 'Parsing this record did not come to an end within the time a worker may take, twice.',
}

/** One record out of a larger document is kept on its own, not with the whole document. */
const rawOf = ({ text }: Unclassified) => (text === undefined ? undefined : new TextEncoder().encode(text))
