import type { Consumer, Message, MessagesStream } from '@platformatic/kafka'
import { messageOf } from '../../core/errors.ts'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import { sleep } from '../../core/sleep.ts'

export interface GroupOptions {
  readonly topic: string
  /** Where a partition begins of which the group has no offset. */
  readonly start: 'oldest' | 'latest'
}

type BytesMessage = Message<Buffer, Buffer, Buffer, Buffer>
type BytesConsumer = Consumer<Buffer, Buffer, Buffer, Buffer>
type BytesStream = MessagesStream<Buffer, Buffer, Buffer, Buffer>

/** What was read of a partition and is not durable yet, in order. */
interface Partition {
  readonly waiting: BytesMessage[]
  busy: boolean
  /** How often its first message failed. */
  failures: number
  /** Not to be given before, epoch milliseconds. */
  due: number
}

/** What waits in memory at most: no more is read beyond. A fetch may add `fetchBytes`. */
const most = { messages: 2_000, bytes: 16 * 1024 * 1024 }
const fetchBytes = 4 * 1024 * 1024
/** Messages given at once. */
const mostAtOnce = 500
/** A partition is left to others when its first message failed so often. */
const mostFailures = 3

/**
 * Reads the partitions that the group gives to this member. Of a partition one batch is out at a time, and its offset is committed up
 * to the first message that failed; that one, and all behind it, are given again from memory, after a while. When the first of a
 * partition fails again and again, it ends and answers `given-up`: another member may fare better. When the group shares out its partitions anew, what was not durable is forgotten here: whoever has the partition reads it from its offset.
 * With `once` it ends at what was the end of its partitions when it began. Throws what the library throws.
 */
export async function* readGroup(
  { topic, start }: GroupOptions,
  consumer: BytesConsumer,
  host: Pick<SourceHost, 'name' | 'now' | 'log'>,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch, 'given-up' | undefined> {
  if (signal.aborted) return undefined
  let partitions = new Map<number, Partition>()
  const waiting = () => [...partitions.values()].flatMap((partition) => partition.waiting)
  const isFull = () => {
    const all = waiting()
    return all.length >= most.messages || all.reduce((sum, { value }) => sum + sizeOf(value), 0) >= most.bytes
  }

  const ends = once ? ((await consumer.listOffsets({ topics: [topic], timestamp: -1n })).get(topic) ?? []) : []
  const stream: BytesStream = await consumer.consume({
    ...{ topics: [topic], mode: 'committed', fallbackMode: start === 'oldest' ? 'earliest' : 'latest' },
    ...{ autocommit: false, maxBytes: fetchBytes, maxWaitTime: 1_000, highWaterMark: mostAtOnce },
  })
  consumer.on('consumer:group:join', () => (partitions = new Map()))
  let failure: unknown
  let isPumping = true
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop)

  async function pump(): Promise<void> {
    for await (const message of stream) {
      const { partition: n } = message
      const partition = partitions.get(n) ?? { waiting: [], busy: false, failures: 0, due: 0 }
      partitions.set(n, partition)
      partition.waiting.push(message)
      while (isFull() && !signal.aborted) await sleep(20, signal)
    }
  }
  void pump()
    .catch((error: unknown) => (failure = error))
    .finally(() => (isPumping = false))

  async function commit(n: number, { offset, leaderEpoch }: BytesMessage): Promise<void> {
    try {
      await consumer.commit({ offsets: [{ topic, partition: n, offset: offset + 1n, leaderEpoch }] })
    } catch (error) {
      // Whoever has the partition then reads these again, which repeats nothing: records have ids.
      const message = `${host.name}: partition ${n}: its offset could not be committed: ${messageOf(error)}`
      host.log({ level: 'warn', code: 'SOURCE_FAILED', message })
    }
  }

  async function settle(
    n: number,
    partition: Partition,
    messages: readonly BytesMessage[],
    failed: ReadonlySet<string>,
  ): Promise<void> {
    // The group may have given it to another meanwhile.
    if (partitions.get(n) !== partition) return
    const firstFailed = messages.findIndex((message) => failed.has(originOf(message)))
    const done = firstFailed < 0 ? messages.length : firstFailed
    const last = messages[done - 1]
    if (last) await commit(n, last)
    partition.waiting.splice(0, done)
    partition.failures = firstFailed < 0 ? 0 : done > 0 ? 1 : partition.failures + 1
    partition.due = host.now() + pauseAfter(partition.failures)
    partition.busy = false
  }

  const isThrough = () =>
    (consumer.assignments ?? []).every((assigned) =>
      assigned.partitions.every((n) => {
        const next = stream.offsetsToFetch.get(`${topic}:${n}`)
        return next !== undefined && next >= (ends[n] ?? 0n)
      }),
    )

  try {
    while (!signal.aborted) {
      for (const [n, partition] of partitions) {
        if (partition.busy || partition.waiting.length === 0 || partition.due > host.now()) continue
        const messages = partition.waiting.slice(0, mostAtOnce)
        partition.busy = true
        const deliveries = messages.map((message) => deliveryOf(message, host))
        yield { deliveries, settle: (failed) => settle(n, partition, messages, failed) }
      }
      if ([...partitions.values()].some(({ failures }) => failures >= mostFailures)) return 'given-up'
      if (failure !== undefined && !signal.aborted) throw failure
      if (!isPumping) return undefined
      if (once && stream.readableLength === 0 && waiting().length === 0 && isThrough()) return undefined
      await sleep(10, signal)
    }
    return undefined
  } finally {
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

/** A topic that is deleted and made anew counts from 0 again; the time tells its records from those before. */
const originOf = ({ topic, partition, offset, timestamp }: BytesMessage) =>
  `kafka/${topic}/${partition}/${offset}@${timestamp}`

const sizeOf = (value: Buffer | null | undefined) => value?.length ?? 0

function deliveryOf(message: BytesMessage, host: Pick<SourceHost, 'name' | 'now'>): Delivery {
  const { value, timestamp } = message
  const origin = originOf(message)
  return {
    ...{ id: origin, source: host.name, origin, size: sizeOf(value) },
    receivedAt: timestamp > 0n ? Number(timestamp) : host.now(),
    async *body() {
      if (sizeOf(value) > 0) yield value
    },
  }
}

/** Milliseconds until a partition is tried again whose first message failed so many times. */
const pauseAfter = (failures: number) => (failures <= 1 ? 0 : 500)
