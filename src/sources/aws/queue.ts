import type { Message, SQS } from '@aws-sdk/client-sqs'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { sleep } from '../../core/sleep.ts'
import type { Connection } from './connect.ts'

export interface QueueOptions {
  /** Address of the queue. */
  readonly queue: string
  /** How long one asking waits for messages, seconds; at most 20. */
  readonly waitSeconds: number
  /** How long messages taken are hidden from others, seconds; it is extended while work on them goes on. */
  readonly visibilitySeconds: number
}

/** A message as it came. */
export interface QueueMessage {
  readonly id: string
  readonly body: string
  /** When it was sent, epoch milliseconds. */
  readonly sentAt: number
}

/** What a message stands for. `done` is called once all of it is durable, before the message is deleted. */
export interface Unpacked {
  readonly deliveries: readonly Delivery[]
  done?(): Promise<void>
}

/** A message that is ours for a while. */
interface Held extends Unpacked {
  readonly handle: string
  readonly times: number
}

/** SQS gives at most so many at once. */
const mostAtOnce = 10
/** Where many wait, so many askings go out side by side. */
const askings = 4
/** Messages in work at most. */
const mostHeld = 400

/**
 * Reads a queue of Amazon SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 * A message is deleted when all it stands for is durable. One that failed is shown again after a while that grows with its
 * tries, up to the visibility time-out; a queue with a dead-letter queue puts it there in the end.
 */
export async function* readQueue(
  options: QueueOptions,
  connection: Connection<SQS>,
  host: Pick<SourceHost, 'now' | 'log' | 'name'>,
  unpack: (message: QueueMessage) => Promise<Unpacked>,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch> {
  const { queue, visibilitySeconds } = options
  const held = new Map<string, Held>()
  const extending = setInterval(() => void extend(), visibilitySeconds * 400)
  extending.unref()

  async function ask(limit: number, wait: number): Promise<readonly Message[]> {
    const input = {
      QueueUrl: queue,
      MaxNumberOfMessages: Math.min(limit, mostAtOnce),
      WaitTimeSeconds: wait,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['SentTimestamp' as const, 'ApproximateReceiveCount' as const],
    }
    const { Messages = [] } = await connection.call((sqs) => sqs.receiveMessage(input, { abortSignal: signal }))
    return Messages
  }

  /** A handful; several where the first asking shows that many wait. */
  async function receive(): Promise<readonly Message[]> {
    const first = await ask(mostAtOnce, once ? Math.min(1, options.waitSeconds) : options.waitSeconds)
    if (first.length < mostAtOnce) return first
    const more = await Promise.all(Array.from({ length: askings - 1 }, () => ask(mostAtOnce, 0)))
    return [first, ...more].flat()
  }

  /** Others hold messages that may come back: those of a process that was killed, for instance. */
  async function othersHold(): Promise<boolean> {
    const input = { QueueUrl: queue, AttributeNames: ['ApproximateNumberOfMessagesNotVisible' as const] }
    const { Attributes } = await connection.call((sqs) => sqs.getQueueAttributes(input, { abortSignal: signal }))
    return Number(Attributes?.['ApproximateNumberOfMessagesNotVisible'] ?? 0) > held.size
  }

  async function show(handles: readonly (readonly [handle: string, seconds: number])[]): Promise<void> {
    for (let at = 0; at < handles.length; at += mostAtOnce) {
      const Entries = handles.slice(at, at + mostAtOnce).map(([ReceiptHandle, VisibilityTimeout], n) => {
        return { Id: String(n), ReceiptHandle, VisibilityTimeout }
      })
      await connection.call((sqs) => sqs.changeMessageVisibilityBatch({ QueueUrl: queue, Entries }))
    }
  }

  async function extend(): Promise<void> {
    try {
      await show([...held.values()].map(({ handle }) => [handle, visibilitySeconds]))
    } catch (error) {
      // Messages then come again, which repeats nothing: records have ids.
      const message = error instanceof CodedError ? error.message : String(error)
      host.log({ level: 'warn', code: 'SOURCE_FAILED', message: `${host.name}: messages may come again: ${message}` })
    }
  }

  async function settle(members: readonly Held[], failed: ReadonlySet<string>): Promise<void> {
    const isFailed = (one: Held) => one.deliveries.some(({ id }) => failed.has(id))
    const taken = members.filter((one) => !isFailed(one))
    for (const one of taken) await one.done?.()
    for (let at = 0; at < taken.length; at += mostAtOnce) {
      const Entries = taken
        .slice(at, at + mostAtOnce)
        .map(({ handle }, n) => ({ Id: String(n), ReceiptHandle: handle }))
      const { Failed = [] } = await connection.call((sqs) => sqs.deleteMessageBatch({ QueueUrl: queue, Entries }))
      for (const { Code, Message } of Failed) {
        const message = `${host.name}: a message that was taken could not be deleted and may come again: ${Code} ${Message ?? ''}`
        host.log({ level: 'warn', code: 'SOURCE_FAILED', message })
      }
    }
    await show(members.filter(isFailed).map(({ handle, times }) => [handle, pauseAfter(times, visibilitySeconds)]))
    for (const { handle } of members) held.delete(handle)
  }

  async function hold(message: Message): Promise<Held | undefined> {
    const { MessageId: id = '', Body: body = '', ReceiptHandle: handle = '', Attributes = {} } = message
    const sentAt = Number(Attributes['SentTimestamp'] ?? host.now())
    const times = Number(Attributes['ApproximateReceiveCount'] ?? 1)
    const one: Held = { ...(await unpack({ id, body, sentAt })), handle, times }
    held.set(handle, one)
    return one
  }

  let quietSince: number | undefined
  try {
    while (!signal.aborted) {
      if (held.size >= mostHeld) {
        await sleep(20, signal)
        continue
      }
      const messages = await receive().catch((error: unknown) => {
        if (signal.aborted) return []
        throw error
      })
      if (messages.length === 0) {
        if (!once || held.size > 0) continue
        quietSince ??= host.now()
        const patient = host.now() - quietSince < (visibilitySeconds + 5) * 1000
        if (patient && !signal.aborted && (await othersHold())) {
          await sleep(200, signal)
          continue
        }
        return
      }
      quietSince = undefined
      const members = (await Promise.all(messages.map(hold))).filter((one) => one !== undefined)
      yield { deliveries: members.flatMap(({ deliveries }) => deliveries), settle: (failed) => settle(members, failed) }
    }
  } finally {
    clearInterval(extending)
    // Whoever comes next need not wait for what nobody works on.
    if (held.size > 0) await show([...held.keys()].map((handle) => [handle, 0])).catch(() => {})
  }
}

/** Seconds until a message that failed so many times is shown again. */
const pauseAfter = (times: number, most: number) => Math.min(times <= 1 ? 0 : 2 ** Math.min(times, 12), most)
