import type { Delivery, Framing } from '../../core/contracts/index.ts'
import type { SourceHost } from '../../core/component.ts'
import { headOf, longestHead } from '../../core/split/head.ts'
import { seamIn, sniff } from '../../core/split/index.ts'
import type { ObjectRef } from './events.ts'
import { deliveryBase, wholeObject } from './objects.ts'
import { bytesOf, type ObjectReader } from './read-object.ts'

/**
 * A part of an object that is read by itself: the records that begin at `from` or behind it, and before `to`. Its records have the ids
 * that they have when the whole is read at once, for their place is that in the object.
 */
export interface Stretch {
  readonly object: ObjectRef
  readonly from: number
  /** Undefined: to the end. */
  readonly to?: number
  /** Offset after decompression up to which it is done; a record begins there. */
  readonly at?: number
  readonly framing?: Framing
  readonly firstLine?: string
}

export interface StretchLimits {
  /** A plain object that is larger is read in stretches of so many bytes, */
  readonly bytes: number
  /** but in no more than so many. */
  readonly count: number
}

/** A record that is longer than this is cut: the core takes no longer one. Bytes. */
const longestRecord = 64 * 1_048_576
/** What of an object shows how it falls into records, bytes: as much as the core looks at. */
const sniffed = 65_536
/** Blanks before a place that are looked at to find where a record ends, bytes. */
const lookBehind = 4_096

/**
 * An object in stretches, in their order; itself, where it is small or has to be read from its beginning: compressed data cannot be
 * entered in the middle, nor can CSV with line feeds in quotes, what is one record as a whole, and what names its columns anew.
 */
export async function stretchesOf(
  object: ObjectRef,
  reader: ObjectReader,
  host: SourceHost,
  framings: ReadonlySet<Framing>,
  { bytes, count }: StretchLimits,
): Promise<readonly Stretch[]> {
  const whole = [{ object, from: 0 }]
  const { size } = object
  if (size === undefined || size <= bytes) return whole
  const head = await bytesOf(await reader.open(object, `bytes=0-${sniffed - 1}`))
  if (host.decoders.some((decoder) => decoder.detects(head))) return whole
  const framing = sniff(head, framings)
  const firstLine = headOf(head.subarray(0, longestHead))
  if ((framing !== 'lines' && framing !== 'json') || firstLine.startsWith('#')) return whole
  const each = Math.max(bytes, Math.ceil(size / count))
  return Array.from({ length: Math.ceil(size / each) }, (_, n) => {
    const from = n * each
    return { object, from, to: Math.min(size, from + each), framing, firstLine }
  })
}

/** A stretch as a delivery; undefined where no record begins in it, or all of it is done. */
export async function stretchDelivery(
  stretch: Stretch,
  reader: ObjectReader,
  host: SourceHost,
): Promise<Delivery | undefined> {
  const { object, from, to, at, framing, firstLine } = stretch
  if (object.size === 0) return undefined
  if (to === undefined && !at) return wholeObject(object, reader, host)
  const known = { ...(framing && { framing }), ...(firstLine !== undefined && { firstLine }) }
  const base = { ...deliveryBase(object, host), ...known }
  if (to === undefined) {
    const offset = at!
    const decoder = await reader.decoderOf(object)
    if (!decoder && offset >= (object.size ?? Number.POSITIVE_INFINITY)) return undefined
    return { ...base, id: `${base.id}#${offset}`, offset, body: () => reader.rest(object, decoder, offset) }
  }
  const [offset, end] = await Promise.all([at ?? seamOf(stretch, from, reader), seamOf(stretch, to, reader)])
  if (offset >= end) return undefined
  const body = () => reader.body(object, `bytes=${offset}-${end - 1}`)
  return { ...base, id: `${base.id}#${offset}-${end}`, offset, body }
}

/**
 * Where the first record begins at a place or behind it: found in the same way from either side, so two stretches meet in one place. A
 * record of which no end is seen is cut.
 */
async function seamOf({ object, framing = 'lines' }: Stretch, place: number, reader: ObjectReader): Promise<number> {
  if (place === 0) return 0
  if (object.size !== undefined && place >= object.size) return object.size
  const start = Math.max(0, place - lookBehind)
  for (let length = 2 * lookBehind + 65_536; ; length *= 4) {
    const bytes = await bytesOf(await reader.open(object, `bytes=${start}-${start + length - 1}`))
    const seam = seamIn(bytes, place - start, framing)
    if (seam !== undefined) return start + seam
    if (bytes.length < length) return Math.max(place, start + bytes.length)
    if (length > longestRecord) return place + longestRecord
  }
}
