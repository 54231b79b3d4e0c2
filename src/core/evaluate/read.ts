import type { Classified, Classifier, Unclassified } from '../classify/index.ts'
import type { Decoder, Frame, Framing, Normalised, ParseContext, QuarantineEntry, Schema } from '../contracts/index.ts'
import { type Code, CodedError } from '../errors.ts'
import { headOf, longestHead, namesColumns } from '../split/head.ts'
import { type Hash, quarantineId, recordId } from '../ids.ts'
import { compileNormalise, type Normalise } from '../normalise.ts'
import { compilePath } from '../paths.ts'
import { type Piece, sniff, split } from '../split/index.ts'
import { eventTime } from '../time.ts'
import type { Guard } from './guard.ts'
import type { Item } from './item.ts'
import type { Tally } from './tally.ts'

/** Limits on what one record and one body may take. */
export interface ReadLimits {
  /** Decoded bytes of a body that is decoded at once. */
  readonly maxBodyBytes: number
  /** Bytes of one text that are kept when it cannot be processed. */
  readonly maxKeptBytes: number
}

/** Decodes, splits, classifies and normalises a frame. */
export interface Reader {
  read(frame: Frame, frameIndex: number, guard: Guard, tally: Tally): Reading
}

export interface Reading {
  readonly items: readonly Item[]
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
  const normaliserOf = memo(compileNormalise)
  const timePathOf = memo((schema: Schema) => (schema.time === undefined ? undefined : compilePath(schema.time)))

  function decode(frame: Frame): Uint8Array {
    if (!frame.encoded || frame.offset !== 0) return frame.bytes
    const decoder = decoders.find((candidate) => candidate.detects(frame.bytes))
    return decoder ? decoder.decode(frame.bytes, limits.maxBodyBytes) : frame.bytes
  }

  return {
    read(frame, frameIndex, guard, tally) {
      const { source, cluster } = frame
      const items: Item[] = []
      const quarantine: QuarantineEntry[] = []
      // One addition for each schema and frame, not for each record.
      const classified = new Map<string, number>()
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
      const accept = (found: Classified, position: string, text: () => string) => {
        const { schema, data, envelope } = found
        const { time, retimed } = eventTime(data, timePathOf(schema), frame.receivedAt)
        classified.set(schema.name, (classified.get(schema.name) ?? 0) + 1)
        if (retimed && schema.time !== undefined) tally.add('retimed', { schema: schema.name, reason: retimed })
        for (const field of found.drift) tally.add('drift', { schema: schema.name, field })
        items.push(lazyItem({ schema, data, envelope, time, position, text }, normaliserOf(schema)))
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
        return { items, quarantine, bytes: 0 }
      }

      const classifier = classifierOf(source)
      const framing: Framing = frame.framing ?? sniff(bytes, classifier.framings)
      if (framing !== 'json') head ??= headOf(bytes.subarray(0, longestHead))
      let index = 0
      for (const piece of split(bytes, framing)) {
        const at = frame.offset + piece.offset
        const position = `${frame.origin}#${at}`
        if (!guard.parsing(index++)) {
          refuse(position, piece.text, piece.bytes, tooSlow)
          continue
        }
        if (at > 0 && head?.startsWith('#') && namesColumns(piece.text)) head = piece.text
        const { safeIntegers } = piece
        const known: ParseContext = { first: at === 0, safeIntegers }
        const found = classifier.classify(piece.text, head === undefined ? known : { ...known, firstLine: head })
        for (const [n, one] of found.entries()) {
          const place = found.length > 1 ? `${position}[${n}]` : position
          if ('schema' in one) accept(one, place, found.length > 1 ? () => JSON.stringify(one.data) : () => piece.text)
          else refuse(place, found.length > 1 ? String(n) + piece.text : piece.text, rawOf(piece, one), one)
        }
      }
      for (const [schema, n] of classified) tally.add('records', { source, cluster, schema }, n)
      tally.add('bytes', { source, cluster }, bytes.byteLength)
      return { items, quarantine, bytes: bytes.byteLength }
    },
  }
}

/** Most records raise nothing and meet no rule that asks for normalised values: they are made when first asked for. */
function lazyItem(item: Omit<Item, 'normalised'>, normalise: Normalise): Item {
  let made: { readonly normalised: Normalised | undefined } | undefined
  return {
    ...item,
    get normalised() {
      made ??= { normalised: normalise(item.data, item.envelope) }
      return made.normalised
    },
  }
}

const tooSlow = {
  reason: 'RECORD_TOO_SLOW' as Code,
  message: 'Parsing this record did not come to an end within the time a worker may take, twice.',
}

/** One record out of a larger document is kept on its own, not with the whole document. */
function rawOf(piece: Piece, verdict: Unclassified): Uint8Array {
  return verdict.text === undefined ? piece.bytes : new TextEncoder().encode(verdict.text)
}

function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const found = made.get(key)
    if (found !== undefined || made.has(key)) return found as V
    const value = make(key)
    made.set(key, value)
    return value
  }
}
