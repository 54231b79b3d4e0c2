import { messageOf } from '../../core/errors.ts'
import type { SourceHost } from '../../core/component.ts'
import type { Batch, Delivery, ReadOptions } from '../../core/contracts/index.ts'
import { sleep } from '../../core/sleep.ts'
import { type BytesConsumer, type BytesMessage, openShare, type Partition, type Share, sizeOf } from './share.ts'

export interface GroupOptions {
  readonly topic: string
  /** Where a partition begins of which the group has no offset. */
  readonly start: 'oldest' | 'latest'
}

/** Messages given at once. */
const mostAtOnce = 500
/** A partition is left to others when its first message failed so often. */
const mostFailures = 3

/**
 * Reads the partitions that the group gives to this member. Of a partition one batch is out at a time, and its offset is committed up
 * to the first message that failed; that one, and all behind it, are given again from memory, after a while. When the first of a
 * partition fails again and again, it ends and answers `given-up`: another member may fare better. When the group shares
 * out its partitions anew, what was not durable is forgotten here: whoever has the partition reads it from its offset.
 * With `once` it ends at what was the end of its partitions when it began. Throws what the library throws.
 */
export async function* readGroup(
  options: GroupOptions,
  consumer: BytesConsumer,
  host: Pick<SourceHost, 'name' | 'now' | 'log'>,
  { signal, once }: ReadOptions,
): AsyncGenerator<Batch, 'given-up' | undefined> {
  if (signal.aborted) return undefined
  const { topic } = options
  const ends = once ? ((await consumer.listOffsets({ topics: [topic], timestamp: -1n })).get(topic) ?? []) : []
  const { promise: aborted, resolve: abort } = Promise.withResolvers<undefined>()
  signal.addEventListener('abort', () => abort(undefined), { once: true })
  /** To join takes as long as the group takes to share out its partitions; an abort does not wait for it. */
  const open = () => Promise.race([openShare(consumer, options, signal), aborted])
  const first = await open()
  if (!first) return undefined
  let share = first
  consumer.on('consumer:group:join', () => (share.isOver = true))
  const stop = () => share.stream.destroy()
  signal.addEventListener('abort', stop)

  async function commit(n: number, { offset, leaderEpoch }: BytesMessage): Promise<void> {
    try {
      await consumer.commit({ offsets: [{ topic, partition: n, offset: offset + 1n, leaderEpoch }] })
    } catch (error) {
      // Whoever has the partition then reads these again, which repeats nothing: records have ids.
      const message = `${host.name}: partition ${n}: its offset could not be committed: ${messageOf(error)}`
      host.log({ level: 'warn', code: 'SOURCE_FAILED', message })
    }
  }

  /** Where a message failed, what is behind it is given again with it, so that an offset never passes it. */
  async function settle(
    of: Share,
    [n, partition]: readonly [number, Partition],
    messages: readonly BytesMessage[],
    failed: ReadonlySet<string>,
  ): Promise<void> {
    if (of.isOver) return
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
    share.isEmpty() &&
    (consumer.assignments ?? []).every((assigned) =>
      assigned.partitions.every((n) => {
        const next = share.stream.offsetsToFetch.get(`${topic}:${n}`)
        return next !== undefined && next >= (ends[n] ?? 0n)
      }),
    )

  try {
    while (!signal.aborted) {
      const of = share
      for (const [n, partition] of of.partitions) {
        if (of.isOver) break
        if (partition.busy || partition.waiting.length === 0 || partition.due > host.now()) continue
        const messages = partition.waiting.slice(0, mostAtOnce)
        partition.busy = true
        const deliveries = messages.map((message) => deliveryOf(message, host))
        yield { deliveries, settle: (failed) => settle(of, [n, partition], messages, failed) }
      }
      if (of.isOver) {
        // The new one first: who reads nothing leaves the group.
        const next = await open()
        of.stream.destroy()
        if (!next) return undefined
        share = next
        continue
      }
      if ([...of.partitions.values()].some(({ failures }) => failures >= mostFailures)) return 'given-up'
      if (of.failure !== undefined && !signal.aborted) throw of.failure
      if (of.isRead || (once && isThrough())) return undefined
      await sleep(10, signal)
    }
    return undefined
  } finally {
    signal.removeEventListener('abort', stop)
    share.stream.destroy()
  }
}

/** A topic that is deleted and made anew counts from 0 again; the time tells its records from those before. */
const originOf = ({ topic, partition, offset, timestamp }: BytesMessage) =>
  `kafka/${topic}/${partition}/${offset}@${timestamp}`

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
