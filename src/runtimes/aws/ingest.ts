import { hash } from 'node:crypto'
import { createApp } from '../../core/app.ts'
import type { App, Delivery } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { decoders } from '../../decoders/index.ts'
import { type BatchResponse, queueResponse, streamResponse } from './batch-response.ts'
import type { Evaluation } from './evaluation.ts'
import { type EventItem, itemsIn } from './events.ts'
import { measuredIn, writeMetrics } from './metrics.ts'
import type { IngestProject } from './project.ts'
import { createReceive, hostOf } from './receive.ts'
import { bucketSegments } from './segments.ts'
import { type Invocation, logTo, openStore, placeOf, type Surroundings } from './surroundings.ts'

/** Answer of a function URL. */
interface HttpResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type IngestHandler = (
  event: unknown,
  invocation: Invocation,
) => Promise<BatchResponse | HttpResponse | undefined>

/** Items that are worked on together: their results are one commit. */
const together = 500
/** Time that is left for what is under way, milliseconds: what is not begun by then is handed back. */
const reserveMs = 20_000

/**
 * The function that reads. An event is answered when all it held is durable, or with what has to come again: what failed, and what was
 * not begun, for the function's time is short. A large object goes on where it was: its place is stored with its results.
 */
export function createIngestHandler(project: IngestProject, around: Surroundings): IngestHandler {
  const place = placeOf(around)
  const { now } = around
  const log = logTo(around)
  const store = openStore(place, project, around)
  const modes = () => ({ staged: new Set<string>(), promoted: new Set<string>() })
  const start = () => project.evaluation({ env: around.env, log, modes })
  // Begun at once: what AWS does before the first event comes goes on beside it.
  let evaluation = start()
  evaluation.catch(() => {})

  async function engine(): Promise<App> {
    const ready = await evaluation.catch(() => (evaluation = start()))
    return appOf(ready)
  }

  const appOf = ({ evaluate, framings }: Evaluation): App =>
    createApp(
      {
        ...{ store, framings, decoders, outputs: new Map(), now, log, random: Math.random },
        evaluator: { evaluate },
        ...(project.keepsRecords && { segments: bucketSegments(around.s3(), place.lake) }),
        clusters: new Map(),
        hash: (text) => hash('sha256', text, 'hex'),
        onCommitted: (committed, results) => writeMetrics(place, around, measuredIn(committed, results)),
      },
      { ...project.limits, concurrency: 2 },
    )
  const secret = async (name: string): Promise<string> => {
    throw new CodedError('SECRET_MISSING', `The function that reads has no secrets: not "${name}".`)
  }
  const receive = createReceive(project.sources, around.s3, hostOf({ state: store, now, log, secret, count: () => {} }))

  /** The ids of items that have to come again. */
  async function take(items: readonly EventItem[], isShort: () => boolean): Promise<readonly string[]> {
    const failed: string[] = []
    for (let at = 0; at < items.length; at += together) {
      const some = items.slice(at, at + together)
      if (isShort()) failed.push(...some.map(({ id }) => id))
      else failed.push(...(await takeSome(some, isShort)))
    }
    return failed
  }

  async function takeSome(items: readonly EventItem[], isShort: () => boolean): Promise<readonly string[]> {
    const opened = await Promise.all(
      items.map(async (item) => {
        try {
          return { item, unpacked: await receive(item) }
        } catch (error) {
          log({ level: 'error', code: 'SOURCE_FAILED', message: `${item.kind}: ${item.from}: ${messageOf(error)}` })
          return { item, unpacked: undefined }
        }
      }),
    )
    const deliveries = opened.flatMap(({ unpacked }) => unpacked?.deliveries ?? [])
    const unique = [...new Map(deliveries.map((delivery) => [delivery.id, delivery])).values()]
    const app = await engine()
    const { failed } = await app.ingest(unique.map((delivery) => stoppable(delivery, place.cluster, isShort)))
    const wrong = new Set(failed)
    const again: string[] = []
    for (const { item, unpacked } of opened) {
      if (!unpacked || unpacked.deliveries.some(({ id }) => wrong.has(id))) again.push(item.id)
      else await unpacked.done?.()
    }
    return again
  }

  return async (event, invocation) => {
    const items = itemsIn(event, now())
    if (!items) {
      throw new CodedError('SOURCE_FAILED', 'The event is of no kind that is known: nothing of it was read.')
    }
    const reserve = Math.min(reserveMs, invocation.getRemainingTimeInMillis() / 4)
    const failed = await take(items, () => invocation.getRemainingTimeInMillis() < reserve)
    const kind = items[0]?.kind
    if (kind === 'sqs') return queueResponse(failed)
    if (kind === 'kinesis') return streamResponse(failed)
    if (kind === undefined) return isRequest(event) ? http(400, { error: 'The body is empty.' }) : queueResponse([])
    if (kind === 'url') return failed.length > 0 ? http(503, { error: 'Not stored.' }) : http(200, { status: 'stored' })
    // What pushes by itself tries again when the function fails, and only then.
    if (failed.length > 0) throw new CodedError('SOURCE_FAILED', 'Not all of the event could be stored.')
    return undefined
  }
}

/** A delivery whose body ends, as if the transport had failed, when the time is short: what was stored of it stands. */
const stoppable = (delivery: Delivery, cluster: string, isShort: () => boolean): Delivery => ({
  ...delivery,
  cluster,
  async *body(take) {
    for await (const chunk of delivery.body(take)) {
      if (isShort()) throw new CodedError('SOURCE_FAILED', 'The time of the function is short: the rest comes again.')
      yield chunk
    }
  },
})

const isRequest = (event: unknown) => typeof event === 'object' && event !== null && 'requestContext' in event

const http = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
