import type { Decoder, Delivery, Frame, Framing, Mode } from '../contracts/index.ts'
import { headAfter, headOf, longestHead } from '../split/head.ts'
import { cut, lastCut, sniff } from '../split/index.ts'
import { join, peek } from './bytes.ts'
import type { Memory } from './memory.ts'

export interface FrameLimits {
  /** Bodies up to this size go to one worker as they are, to be split there. Bytes. */
  readonly smallBody: number
  /** The same for bodies that only a worker can cut: those that are compressed, or one long document. Bytes. */
  readonly wholeBody: number
  /** Size of the stretches that a larger body is cut into. Bytes. */
  readonly frame: number
  /** Small frames travel to a worker together up to this size. Bytes. */
  readonly job: number
  /** A record longer than this is cut; its pieces go to quarantine. Bytes. */
  readonly record: number
  /** Decompressed to compressed. */
  readonly maxRatio: number
}

export const defaultFrameLimits: FrameLimits = {
  smallBody: 262_144,
  wholeBody: 4 * 1_048_576,
  frame: 1_048_576,
  job: 1_048_576,
  record: 64 * 1_048_576,
  maxRatio: 500,
}

/** What frames need beside the delivery. */
export interface FrameOptions {
  readonly cluster: string
  readonly mode: Mode
  readonly framings: ReadonlySet<Framing>
  readonly decoders: readonly Decoder[]
  readonly limits: FrameLimits
  /** Where frames get their bytes; they are given back by whoever is done with a frame. */
  readonly memory?: Memory
}

/**
 * Opens a delivery and cuts it where records end. Memory stays within a few frames, whatever the size of the body.
 * Throws what the body or its decoder throws; frames given before that stand.
 */
export async function* framesOf(delivery: Delivery, options: FrameOptions): AsyncGenerator<Frame> {
  const { limits } = options
  const base = {
    source: delivery.source,
    cluster: options.cluster,
    origin: delivery.origin,
    receivedAt: delivery.receivedAt,
    mode: options.mode,
    ...(delivery.firstLine !== undefined && { firstLine: delivery.firstLine }),
  }
  const offset = delivery.offset ?? 0
  const { size = Number.POSITIVE_INFINITY } = delivery
  const asItIs = async (body: AsyncIterable<Uint8Array>): Promise<Frame> => {
    const { framing } = delivery
    return { ...base, offset, bytes: await whole(body), encoded: true, ...(framing && { framing }) }
  }
  if (size <= limits.smallBody) {
    yield await asItIs(delivery.body())
    return
  }
  const isWhole = size <= limits.wholeBody
  const memory = isWhole ? undefined : options.memory
  const raw = await peek(delivery.body(memory?.take), 4)
  const decoder = offset === 0 ? options.decoders.find((candidate) => candidate.detects(raw.head)) : undefined
  if (isWhole && decoder) {
    yield await asItIs(raw.body)
    return
  }
  const decoded = decoder ? decoder.stream(raw.body, { maxRatio: limits.maxRatio }) : raw.body
  const { head, body } = await peek(decoded, 65_536)
  const framing = delivery.framing ?? sniff(head, options.framings)
  if (isWhole && lastCut(head, framing) === 0) {
    yield await asItIs(body)
    return
  }
  let firstLine = delivery.firstLine ?? headOf(head.subarray(0, longestHead))
  const wanted = Math.min(limits.frame, Math.max(limits.smallBody / 2, Math.ceil(size / shares)))
  for await (const { bytes, at } of stretches(parts(body, wanted), framing, { wanted, limits, memory })) {
    const frame = { ...base, firstLine, offset: offset + at, bytes, encoded: false, framing }
    firstLine = headAfter(bytes, firstLine)
    yield frame
  }
}

/** A body of some size is cut into so many stretches, so that all workers have a part in it and the first is soon done. */
const shares = 4

/** The same stream in chunks that are not much larger than `bytes`. */
async function* parts(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    let at = 0
    for (; chunk.byteLength - at > 1.5 * bytes; at += bytes) yield chunk.subarray(at, at + bytes)
    yield at === 0 ? chunk : chunk.subarray(at)
  }
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return join(chunks)
}

interface StretchOptions {
  /** Bytes of a stretch. */
  readonly wanted: number
  readonly limits: FrameLimits
  readonly memory: Memory | undefined
}

/** Cuts a stream into stretches that end where a record ends. What is complete before a failure is given first. */
async function* stretches(body: AsyncIterable<Uint8Array>, framing: Framing, options: StretchOptions) {
  const { limits, memory } = options
  let chunks: Uint8Array[] = []
  let size = 0
  let at = 0
  let { wanted } = options
  let failure: { readonly error: unknown } | undefined
  const source = failsafe(body, (error) => {
    failure = { error }
  })
  for await (const chunk of source) {
    // Mostly a chunk shows where to cut, and only what it is joined with must be copied.
    const sure = size + chunk.byteLength < wanted ? 0 : lastCut(chunk, framing)
    if (sure > 0) {
      const rest = sure === chunk.byteLength ? [] : [chunk.slice(sure)]
      const last = chunk.subarray(0, sure)
      const bytes = memory ? memory.joined(chunks, last) : join([...chunks, last])
      yield { bytes, at }
      at += bytes.byteLength
      chunks = rest
      size = chunk.byteLength - sure
      wanted = options.wanted
      continue
    }
    chunks.push(chunk)
    size += chunk.byteLength
    if (size < wanted) continue
    const bytes = join(chunks)
    const length = cut(bytes, framing) || (size >= limits.record ? size : 0)
    if (length === 0) {
      // Not one record is complete: gather twice as much before looking again, so that long records cost no square.
      chunks = [bytes]
      wanted = size * 2
      continue
    }
    yield { bytes: length === size ? bytes : bytes.slice(0, length), at }
    at += length
    chunks = length === size ? [] : [bytes.slice(length)]
    size -= length
    wanted = options.wanted
  }
  if (!failure) {
    if (size > 0) yield { bytes: join(chunks), at }
    return
  }
  const rest = join(chunks)
  const length = cut(rest, framing)
  if (length > 0) yield { bytes: rest.slice(0, length), at }
  throw failure.error
}

/** Ends where the body fails, and tells why. */
async function* failsafe(body: AsyncIterable<Uint8Array>, onFailure: (error: unknown) => void) {
  try {
    yield* body
  } catch (error) {
    onFailure(error)
  }
}
