import type { Consumer, Message, MessagesStream } from '@platformatic/kafka'
import { sleep } from '../../core/sleep.ts'

export type BytesMessage = Message
export type BytesConsumer = Consumer

/** What was read of a partition and is not durable yet, in order. */
export interface Partition {
  readonly waiting: BytesMessage[]
  busy: boolean
  /** How often its first message failed. */
  failures: number
  /** Not to be given before, epoch milliseconds. */
  due: number
}

/** What this member reads from one sharing out of the partitions to the next. */
export interface Share {
  readonly stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>
  readonly partitions: Map<number, Partition>
  /** The group has shared out its partitions anew: nothing in here may be given or committed any more. */
  isOver: boolean
  /** Nothing more is read; `failure` is the reason where there is one. */
  isRead: boolean
  failure?: unknown
  isEmpty(): boolean
}

/** What waits in memory at most: no more is read beyond. A fetch may add `fetchBytes`. */
const most = { messages: 2_000, bytes: 16 * 1024 * 1024 }
const fetchBytes = 4 * 1024 * 1024
const streamMessages = 500

/** Joins the group where that is not done, and reads. Throws what the library throws. */
export async function openShare(
  consumer: BytesConsumer,
  { topic, start }: { readonly topic: string; readonly start: 'oldest' | 'latest' },
  signal: AbortSignal,
): Promise<Share> {
  const stream = await consumer.consume({
    ...{ topics: [topic], mode: 'committed', fallbackMode: start === 'oldest' ? 'earliest' : 'latest' },
    ...{ autocommit: false, maxBytes: fetchBytes, maxWaitTime: 1_000, highWaterMark: streamMessages },
  })
  const partitions = new Map<number, Partition>()
  const waiting = () => [...partitions.values()].flatMap((partition) => partition.waiting)
  const share: Share = {
    ...{ stream, partitions, isOver: false, isRead: false },
    isEmpty: () => stream.readableLength === 0 && waiting().length === 0,
  }

  async function read(): Promise<void> {
    for await (const message of stream) {
      const { partition: n } = message
      const partition = partitions.get(n) ?? { waiting: [], busy: false, failures: 0, due: 0 }
      partitions.set(n, partition)
      partition.waiting.push(message)
      while (isFull(waiting()) && !share.isOver && !signal.aborted) await sleep(20, signal)
    }
  }
  void read()
    .catch((error: unknown) => (share.failure = error))
    .finally(() => (share.isRead = true))
  return share
}

const isFull = (messages: readonly BytesMessage[]) =>
  messages.length >= most.messages || messages.reduce((sum, { value }) => sum + sizeOf(value), 0) >= most.bytes

/** Bytes of a value; a tombstone has none. */
export const sizeOf = (value: Buffer | null | undefined): number => value?.length ?? 0
