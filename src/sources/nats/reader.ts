import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import { type NatsLink, natsPatienceMs } from '../../connections/nats.ts'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import { sleep } from '../../core/sleep.ts'
import type { OpenConsumer } from './consumer.ts'

/** Messages asked for at once. */
const mostAtOnce = 100
/** No more are asked for while so much is in work. */
const most = { messages: 400, bytes: 16 * 1024 * 1024 }
/** How long one asking waits for messages, milliseconds. */
const waitMs = { once: 1_000, following: 30_000 }

/**
 * Reads a pull consumer. A message is acknowledged once it is durable; one that failed comes again after a while that grows with its
 * tries, up to the consumer's ack wait; while work goes on the server is told. With `once` it ends when nothing is pending; what
 * other readers hold, it waits for as long as the ack wait. Throws what the library throws.
 */
export async function* readConsumer(
  { consumer, ackWaitMs }: OpenConsumer,
  { ended }: NatsLink,
  host: Pick<SourceHost, 'name' | 'now' | 'log'>,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch> {
  const held = new Set<JsMsg>()
  let ready: JsMsg[] = []
  let asking: ConsumerMessages | undefined
  let failure: unknown
  let wake = () => {}
  const news = () => new Promise<void>((resolve) => (wake = resolve))
  const stop = () => {
    asking?.stop()
    wake()
  }
  const both = AbortSignal.any([signal, ended])
  both.addEventListener('abort', stop)
  const working = setInterval(() => held.forEach((message) => message.working()), ackWaitMs * 0.4)
  working.unref()

  async function ask(limit: number): Promise<void> {
    asking = await consumer.fetch({ max_messages: limit, expires: once ? waitMs.once : waitMs.following })
    // Either may have come while it was asked for.
    if (both.aborted) asking.stop()
    for await (const message of asking) {
      held.add(message)
      ready.push(message)
      wake()
    }
  }

  let asks = false
  function askMore(limit: number): void {
    asks = true
    ask(limit)
      .catch((error: unknown) => (failure ??= error))
      .finally(() => {
        asks = false
        wake()
      })
  }

  async function settle(messages: readonly JsMsg[], failed: ReadonlySet<string>): Promise<void> {
    const acks = messages.flatMap((message) => {
      if (!failed.has(originOf(message))) return [message.ackAck({ timeout: natsPatienceMs })]
      message.nak(pauseAfter(message.info.deliveryCount, ackWaitMs))
      return []
    })
    const lost = (await Promise.allSettled(acks)).filter((ack) => ack.status === 'rejected' || !ack.value).length
    for (const message of messages) held.delete(message)
    wake()
    if (lost === 0) return
    const message = `${host.name}: the server did not confirm that ${lost} messages were taken; they may come again.`
    host.log({ level: 'warn', code: 'SOURCE_FAILED', message })
  }

  /** How much there is to ask for; 0 where all was read. */
  async function left(): Promise<number> {
    const { num_pending, num_ack_pending } = await consumer.info()
    return num_pending + Math.max(0, num_ack_pending - held.size)
  }

  const hasRoom = () =>
    held.size < most.messages && [...held].reduce((sum, { data }) => sum + data.length, 0) < most.bytes

  const patienceMs = ackWaitMs + 5_000
  let quietSince: number | undefined
  try {
    while (!signal.aborted) {
      if (ended.aborted) throw ended.reason
      if (failure !== undefined) throw failure
      if (ready.length > 0) {
        const messages = ready
        ready = []
        quietSince = undefined
        const deliveries = messages.map((message) => deliveryOf(message, host.name))
        yield { deliveries, settle: (failed) => settle(messages, failed) }
      } else if (asks || !hasRoom()) {
        await news()
      } else if (!once) {
        askMore(mostAtOnce)
      } else {
        const count = await left()
        quietSince ??= host.now()
        if (count === 0 ? held.size === 0 : host.now() - quietSince > patienceMs) return
        if (count > 0) askMore(Math.min(count, mostAtOnce))
        else await sleep(20, both)
      }
    }
  } finally {
    clearInterval(working)
    both.removeEventListener('abort', stop)
    asking?.stop()
    // Whoever comes next need not wait for what nobody works on.
    if (!ended.aborted) for (const message of held) message.nak()
  }
}

/** A stream that is deleted and made anew counts from 1 again; the time tells its messages from those before. */
const originOf = (message: JsMsg) => `nats/${message.info.stream}/${message.seq}@${takenAt(message)}`

/** When the stream took it, epoch milliseconds. */
const takenAt = ({ timestampNanos }: JsMsg) => Number(timestampNanos / 1_000_000n)

function deliveryOf(message: JsMsg, source: string): Delivery {
  const { data } = message
  const origin = originOf(message)
  return {
    ...{ id: origin, source, origin, size: data.length },
    receivedAt: takenAt(message),
    async *body() {
      if (data.length > 0) yield data
    },
  }
}

/** Milliseconds until a message that failed so many times comes again. */
const pauseAfter = (times: number, most: number) =>
  times <= 1 ? undefined : Math.min(1_000 * 2 ** Math.min(times, 12), most)
