import { hash } from 'node:crypto'
import { areOverAlerts, openAlertRecords } from '../../core/alert-records.ts'
import { createApp } from '../../core/app.ts'
import type { SourceCount } from '../../core/component.ts'
import type { App, Committed, Delivery, FrameResult, RuleInfo, Segments } from '../../core/contracts/index.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { type Retried, retryQuarantine } from '../../core/retry-quarantine.ts'
import { decoders } from '../../decoders/index.ts'
import type { StretchLimits } from '../../sources/aws-s3/stretches.ts'
import { type BatchResponse, queueResponse, streamResponse } from './batch-response.ts'
import type { Evaluation } from './evaluation.ts'
import { type EventItem, itemsIn } from './events.ts'
import { measuredIn, writeMetrics } from './metrics.ts'
import { isMinute } from './minute.ts'
import type { IngestProject } from './project.ts'
import { type HttpResponse, jsonResponse } from './http-response.ts'
import { isSigned, type RequestEvent, type Requests } from './requests.ts'
import { restOf } from './hand-on.ts'
import { createReceive, hostOf, type Receive } from './receive.ts'
import { ownQueueOf } from './own-queue.ts'
import { createSourceCounts } from '../upkeep/source-counts.ts'
import { createStaging } from './staging.ts'
import { type StretchMessage, writeStretch } from './stretch-message.ts'
import { retryIn } from './retry.ts'
import { bucketSegments } from './segments.ts'
import { type Invocation, logTo, openStore, placeOf, type Surroundings } from './surroundings.ts'

export type IngestHandler = (
  event: unknown,
  invocation: Invocation,
) => Promise<BatchResponse | HttpResponse | Retried | undefined>

/** What invocations work with. */
interface Engine {
  readonly app: App
  readonly receive: Receive
  readonly rules: readonly RuleInfo[]
  /** As `app`, for records of alerts: history has alerts of its own. */
  readonly alertsApp: App
  /** Tries entries of the quarantine again. */
  readonly retry: (ids: readonly string[]) => Promise<Retried>
}

/** Ten seconds of one processor, about; SQS takes as many messages of an object in a moment. */
const stretches: StretchLimits = { bytes: 128 * 1_048_576, count: 1_000 }
/** Items that are worked on together: their results are one commit. */
const together = 500
/** Time that is left for what is under way, milliseconds: what is not begun by then is handed back. */
const reserveMs = 20_000

/**
 * The function that reads. An event is answered when all it held is durable, or with what has to come again: what failed, and what was
 * not begun, for the function's time is short. Objects that are too large for one invocation are read by several, which write each other
 * messages (docs/decisions/0018-workers-and-large-objects-on-lambda.md).
 */
export function createIngestHandler(project: IngestProject, around: Surroundings): IngestHandler {
  const place = placeOf(around)
  const { now } = around
  const log = logTo(around)
  const store = openStore(place, project, around)
  const staging = createStaging({ store, now, ...(project.staging && { config: project.staging }) })
  const queue = ownQueueOf(around)
  const counts = createSourceCounts(store, now)
  // Lambda gives one invocation at a time.
  let timeLeftMs = () => Number.POSITIVE_INFINITY
  const openHistory = project.history ?? (() => bucketSegments(around.s3(), place.lake))
  const segments = project.keepsRecords
    ? openHistory({ place, around, log, timeLeftMs: () => timeLeftMs() })
    : undefined
  const onCommitted = (committed: Committed, results: readonly FrameResult[]) =>
    writeMetrics(place, around, measuredIn(committed, results))
  const start = async () => engineOf(await project.evaluation({ env: around.env, log, modes: staging.modes }))
  // Begun at once: what AWS does before the first event comes goes on beside it.
  let engine = start()
  engine.catch(() => {})

  async function ready(): Promise<Engine> {
    const found = await engine.catch(() => (engine = start()))
    await staging.refresh(found.rules)
    return found
  }

  function engineOf(evaluation: Evaluation): Engine {
    const { framings } = evaluation
    const given = hostOf({ state: store, now, log, secret })
    const limits = project.stretches ?? stretches
    const receive = createReceive(
      {
        ...{ sources: project.sources, s3: around.s3, queue: queue?.name, limits, framings, count: counts.add },
        failed: around.env['STREAMALERT_FAILED'],
      },
      given,
    )
    const retry = (ids: readonly string[]) =>
      retryQuarantine({ store, evaluator: evaluation, segments, now, onCommitted }, { ids, limit: ids.length })
    return { app: appOf(evaluation, segments), alertsApp: appOf(evaluation), receive, retry, rules: evaluation.rules }
  }

  const appOf = ({ evaluate, framings, concurrency }: Evaluation, history?: Segments): App =>
    createApp(
      {
        ...{ store, framings, decoders, outputs: new Map(), now, log, random: Math.random },
        evaluator: { evaluate },
        ...(history && { segments: history }),
        clusters: new Map(),
        hash: (text) => hash('sha256', text, 'hex'),
        onCommitted,
      },
      { ...project.limits, concurrency, ...(project.frames && { frames: project.frames }) },
    )
  const secret = async (name: string): Promise<string> => {
    throw new CodedError('SECRET_MISSING', `The function that reads has no secrets: not "${name}".`)
  }

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
    const { app, receive } = await ready()
    const all = await Promise.all(
      items.map(async (item) => {
        try {
          return { item, opened: await receive(item, isShort) }
        } catch (error) {
          tellFailed(item, error)
          return { item, opened: undefined }
        }
      }),
    )
    const begun = new Set<string>()
    const deliveries = all.flatMap(({ opened }) => opened?.deliveries ?? [])
    const unique = [...new Map(deliveries.map((delivery) => [delivery.id, delivery])).values()]
    const result = await app.ingest(
      unique.map((delivery) => noted({ ...delivery, cluster: place.cluster }, begun)),
      { isShort },
    )
    await counts.flush()
    const again = await Promise.all(
      all.map(async ({ item, opened }) => {
        if (!opened) return true
        const rest = restOf(opened, { ...result, begun })
        return !(await handOn(item, rest.messages)) || rest.again
      }),
    )
    return all.flatMap(({ item }, n) => (again[n] ? [item.id] : []))
  }

  /** Has other invocations go on. Answers whether they will. */
  async function handOn(item: EventItem, messages: readonly StretchMessage[]): Promise<boolean> {
    try {
      if (messages.length > 0) await queue?.send(messages.map(writeStretch))
      return messages.length === 0 || queue !== undefined
    } catch (error) {
      tellFailed(item, error)
      return false
    }
  }

  const tellFailed = ({ kind, from }: EventItem, error: unknown) =>
    log({ level: 'error', code: 'SOURCE_FAILED', message: `${kind}: ${from}: ${messageOf(error)}` })

  const requests = requestsOf()
  function requestsOf(): Requests | undefined {
    const { serve, sources = {} } = project.requests ?? {}
    const source = project.sources.find(({ name }) => name === sources[place.cluster])
    if (!serve || !source) return undefined
    const count = (what: SourceCount, n = 1) => counts.add(source.name, what, n)
    return serve(source, around, { place, host: { ...hostOf({ state: store, now, log, secret }), count } })
  }

  /** Whoever IAM does not know has to be known to the source, or is turned away. */
  async function answer(event: RequestEvent): Promise<HttpResponse> {
    if (!requests) return jsonResponse(403, { error: 'The request is not signed.' })
    const { app } = await ready()
    const response = await requests.answer(event, async (deliveries) => {
      const { failed } = await app.ingest(deliveries.map((one) => ({ ...one, cluster: place.cluster })))
      return failed.length === 0
    })
    await counts.flush()
    return response
  }

  /** Hands alerts of the last minute to rules over alerts. What there is no time for waits for the next minute. */
  async function handOnAlerts(isShort: () => boolean): Promise<void> {
    const { alertsApp, rules } = await ready()
    if (!areOverAlerts(rules)) return
    const records = await openAlertRecords(store, (deliveries) => alertsApp.ingest(deliveries, { isShort }))
    // The event itself is never tried again: the next minute begins where this one ended.
    await records.drain().catch((error: unknown) => {
      if (!isShort()) log({ level: 'error', code: 'SOURCE_FAILED', message: messageOf(error) })
    })
  }

  return async (event, invocation) => {
    timeLeftMs = () => invocation.getRemainingTimeInMillis()
    const ids = retryIn(event)
    if (ids) return (await ready()).retry(ids)
    if (isRequest(event) && !isSigned(event)) return answer(event)
    const reserve = Math.min(reserveMs, invocation.getRemainingTimeInMillis() / 4)
    const isShort = () => invocation.getRemainingTimeInMillis() < reserve
    if (isMinute(event)) {
      await handOnAlerts(isShort)
      return undefined
    }
    const items = itemsIn(event, now())
    if (!items) {
      throw new CodedError('SOURCE_FAILED', 'The event is of no kind that is known: nothing of it was read.')
    }
    const failed = await take(items, isShort)
    const kind = items[0]?.kind
    if (kind === 'sqs') return queueResponse(failed)
    if (kind === 'kinesis') return streamResponse(failed)
    if (kind === undefined)
      return isRequest(event) ? jsonResponse(400, { error: 'The body is empty.' }) : queueResponse([])
    if (kind === 'url')
      return failed.length > 0 ? jsonResponse(503, { error: 'Not stored.' }) : jsonResponse(200, { status: 'stored' })
    // What pushes by itself tries again when the function fails, and only then.
    if (failed.length > 0) throw new CodedError('SOURCE_FAILED', 'Not all of the event could be stored.')
    return undefined
  }
}

/** A delivery that is noted when its body is opened. */
const noted = (delivery: Delivery, begun: Set<string>): Delivery => ({
  ...delivery,
  body(take) {
    begun.add(delivery.id)
    return delivery.body(take)
  },
})

const isRequest = (event: unknown): event is RequestEvent =>
  typeof event === 'object' &&
  event !== null &&
  'requestContext' in event &&
  typeof event.requestContext === 'object' &&
  event.requestContext !== null &&
  'http' in event.requestContext
