import type { Delivery, Frame, FrameResult, Host, IngestCall, QuarantineEntry, Resume } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { headAfter } from '../split/head.ts'
import { type FrameLimits, framesOf } from './frames.ts'
import type { Memory } from './memory.ts'

/** Frames that travel to a worker together at most. */
const jobFrames = 256

type StepHost = Pick<Host, 'decoders' | 'clusters' | 'framings' | 'now' | 'hash'>

/** How a call comes to its end. */
export interface Ending {
  /** Once true, it stays so. */
  isShort(): boolean
  /** Deliveries that were not begun. */
  readonly left: string[]
  /** The delivery that was left in the middle. */
  cut?: Omit<Resume, 'cursor'>
}

export function endingOf({ isShort }: IngestCall): Ending {
  let short = false
  return { isShort: () => (short ||= isShort?.() ?? false), left: [] }
}

/** A stretch of a delivery, or its end without one. */
export interface Step {
  readonly delivery: Delivery
  readonly frame?: Frame
  /** Instead of a frame: what is known without evaluation. */
  readonly result?: FrameResult
  readonly last: boolean
  /** The next step may be long in coming. */
  readonly pause?: boolean
  /** Another stretch under the same id was before: nothing of it is stored when that one failed, for it comes again otherwise cut. */
  readonly follows?: boolean
}

interface StepOptions {
  readonly limits: FrameLimits
  readonly memory: Memory
  readonly ending: Ending
  /** Ids of deliveries that have failed. */
  readonly failed: ReadonlySet<string>
}

/** Opens deliveries, and those that follow each of them, and cuts them into steps. `fail`: a body could not be read to its end. */
export async function* stepsOf(
  deliveries: readonly Delivery[],
  host: StepHost,
  options: StepOptions,
  fail: (delivery: Delivery, error: unknown) => void,
): AsyncGenerator<Step> {
  const { ending, failed, limits, memory } = options
  // A body of that size is one frame, so that its memory is given back once.
  const take = (bytes: number) => (bytes <= limits.smallBody ? memory.take(bytes) : new Uint8Array(bytes))
  for (const first of deliveries) {
    if (ending.isShort()) {
      ending.left.push(first.id)
      continue
    }
    let delivery: Delivery | undefined = first
    while (delivery) {
      const follows = delivery !== first
      for await (const step of stretchSteps(delivery, host, options, fail)) yield { ...step, follows }
      if (!delivery.next || failed.has(first.id) || ending.isShort()) break
      delivery = await delivery.next(take).catch((error: unknown) => fail(first, error) as undefined)
    }
  }
}

/** The steps of one delivery, without those that follow it. */
async function* stretchSteps(
  delivery: Delivery,
  host: StepHost,
  { limits, memory, ending }: StepOptions,
  fail: (delivery: Delivery, error: unknown) => void,
): AsyncGenerator<Step> {
  const cluster = delivery.cluster ?? host.clusters.get(delivery.source) ?? ''
  const framings = host.framings(delivery.source)
  const pause = delivery.next !== undefined
  let before: Frame | undefined
  try {
    for await (const frame of framesOf(delivery, {
      cluster,
      mode: 'live',
      framings,
      decoders: host.decoders,
      limits,
      memory,
    })) {
      if (before) yield { delivery, frame: before, last: false }
      before = frame
      if (frame.encoded || !ending.isShort()) continue
      ending.cut = placeBehind(delivery, frame)
      break
    }
    yield { delivery, ...(before && { frame: before }), last: !ending.cut, pause }
  } catch (error) {
    const place = placeBehind(delivery, before)
    if (before) yield { delivery, frame: before, last: false }
    if (error instanceof CodedError && error.code.startsWith('BODY_')) {
      yield { delivery, result: damaged(delivery, cluster, error, host), last: true }
    } else if (ending.isShort()) ending.cut = place
    else fail(delivery, error)
  }
}

/** What the rest of a delivery is to be read with, behind the last frame that was taken. */
function placeBehind({ id }: Delivery, frame: Frame | undefined): Omit<Resume, 'cursor'> {
  const firstLine = frame?.firstLine
  return {
    id,
    ...(frame?.framing && { framing: frame.framing }),
    ...(frame && firstLine !== undefined && { firstLine: headAfter(frame.bytes, firstLine) }),
  }
}

/** How many times as long a text is as its compressed form, about: jobs are to be of one size, so that workers end together. */
const inflation = 8

/** Steps that travel to a worker together. */
export async function* packed(
  steps: AsyncIterable<Step>,
  jobBytes: number,
  isCompressed: (frame: Frame) => boolean,
): AsyncGenerator<readonly Step[]> {
  let pack: Step[] = []
  let bytes = 0
  for await (const step of steps) {
    pack.push(step)
    const { frame } = step
    if (frame) bytes += frame.bytes.byteLength * (isCompressed(frame) ? inflation : 1)
    // Stretches of one delivery were cut for several workers.
    if (bytes < jobBytes && pack.length < jobFrames && (frame?.encoded ?? true) && !step.pause) continue
    yield pack
    pack = []
    bytes = 0
  }
  if (pack.length > 0) yield pack
}

function damaged(delivery: Delivery, cluster: string, error: CodedError, host: StepHost): FrameResult {
  const position = `${delivery.origin}#${delivery.offset ?? 0}`
  const { source, receivedAt } = delivery
  const entry: QuarantineEntry = {
    id: host.hash(JSON.stringify(['body', delivery.id])).slice(0, 32),
    kind: 'record',
    reason: error.code,
    message: error.message,
    ...{ source, cluster, position, receivedAt },
    raw: new Uint8Array(0),
  }
  const counts = [{ metric: 'quarantined', labels: { source, cluster, reason: error.code }, n: 1 }] as const
  return { hits: [], quarantine: [entry], counts, bytes: 0, records: 1 }
}
