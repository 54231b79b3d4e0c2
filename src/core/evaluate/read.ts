import type { Classifier } from '../classify/index.ts'
import type { Decoder, Frame, QuarantineEntry } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import type { Hash } from '../ids.ts'
import type { Skimmer } from '../skim/index.ts'
import { headOf, longestHead } from '../split/head.ts'
import { blocksOf, piecesOf, sniff } from '../split/index.ts'
import { createContexts } from './contexts.ts'
import type { Guard } from './guard.ts'
import type { Item } from './item.ts'
import { createItems } from './items.ts'
import { createRefusals } from './refusals.ts'
import { release } from './release.ts'
import type { Tally } from './tally.ts'
import { createTexts } from './texts.ts'

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
  /** The latest time of a record, where there is one. */
  readonly latest?: number
}

export interface ReaderOptions {
  /** The classifier of a source, `kind:name`. */
  classifierOf(source: string): Classifier
  /** What reads JSON faster where most records concern no rule. Without: each record is built. */
  skimmerOf?: ((classifier: Classifier) => Skimmer | undefined) | undefined
  readonly decoders: readonly Decoder[]
  readonly hash: Hash
  readonly limits: ReadLimits
}

/** Bytes of a body that is not worth to be skimmed. */
const fewBytes = 16_384
/** Records that meet the rules together, at least: the code of a rule stays hot. */
const fewItems = 32

export function createReader({ classifierOf, skimmerOf, decoders, hash, limits }: ReaderOptions): Reader {
  const itemsOf = createItems()

  function decode(frame: Frame): Uint8Array {
    if (!frame.encoded || frame.offset !== 0) return frame.bytes
    const decoder = decoders.find((candidate) => candidate.detects(frame.bytes))
    return decoder ? decoder.decode(frame.bytes, limits.maxBodyBytes) : frame.bytes
  }

  return {
    read(frame, frameIndex, guard, tally, take) {
      const { source, cluster, origin } = frame
      let contexts = createContexts(frame.firstLine)
      const refusals = createRefusals(frame, { hash, maxKeptBytes: limits.maxKeptBytes }, tally, () =>
        contexts.firstLine(),
      )

      guard.decoding(frameIndex)
      let bytes: Uint8Array
      try {
        bytes = decode(frame)
      } catch (error) {
        const coded = error instanceof CodedError ? error : undefined
        refusals.add(`${origin}#0`, '', frame.bytes, {
          reason: coded?.code ?? 'BODY_DAMAGED',
          message: coded?.message ?? 'The compressed data could not be read.',
        })
        return { records: 0, quarantine: refusals.entries(frame.bytes), bytes: 0 }
      }

      const classifier = classifierOf(source)
      const framing = frame.framing ?? sniff(bytes, classifier.framings)
      if (framing !== 'json') contexts = createContexts(frame.firstLine ?? headOf(bytes.subarray(0, longestHead)))
      const items = itemsOf(frame, tally)
      const texts = createTexts(frame, bytes, classifier, guard, contexts, items, refusals)
      const skimmer = framing === 'json' && bytes.length >= fewBytes ? skimmerOf?.(classifier) : undefined
      for (const [start, end] of blocksOf(bytes, framing)) {
        const rest = skimmer ? skimmer.skim(frame, bytes, start, end, texts) : start
        const pieces = rest < end ? piecesOf(bytes.subarray(rest, end), rest, framing) : []
        for (let at = 0; at < pieces.length; at++) texts.read(pieces[at]!)
        const batch = items.flush(end === bytes.length ? 1 : fewItems)
        if (batch.length > 0) take(batch)
      }
      tally.add('bytes', { source, cluster }, bytes.byteLength)
      const reading = { ...items.count(), quarantine: refusals.entries(bytes), bytes: bytes.byteLength }
      if (bytes !== frame.bytes) release(bytes)
      return reading
    },
  }
}
