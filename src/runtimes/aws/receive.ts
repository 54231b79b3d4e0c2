import type { S3 } from '@aws-sdk/client-s3'
import type { SourceHost } from '../../core/component.ts'
import type { Delivery } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { messageDelivery, nameOfQueue } from '../../sources/aws/message.ts'
import type { Unpacked } from '../../sources/aws/queue.ts'
import { kinesisDeliveries } from '../../sources/aws-kinesis/deliveries.ts'
import { objectsIn } from '../../sources/aws-s3/events.ts'
import { createObjects } from '../../sources/aws-s3/objects.ts'
import { createUnpack, keysOf } from '../../sources/aws-s3/unpack.ts'
import { connectSource } from '../../sources/aws/connect.ts'
import type { EventItem, PushedItem, QueueItem } from './events.ts'
import type { BuiltSource } from './project.ts'

/** Opens what an event holds. */
export type Receive = (item: EventItem) => Promise<Unpacked>

type Host = Omit<SourceHost, 'name'>

/** Options of the kinds of sources that events are matched with, as far as they are looked at. */
interface Options {
  readonly stream?: string
  readonly queue?: string
  readonly unwrap?: boolean
  readonly base64?: boolean
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/**
 * Finds the source that an item is of: by the name of its stream or queue, as the configuration names it. What is of none is of a source
 * `lambda:<kind>`, which holds any log type.
 */
export function createReceive(sources: readonly BuiltSource[], s3: () => S3, given: Host): Receive {
  const host = (name: string): SourceHost => ({ ...given, name })
  const objectsOf = (name: string) =>
    createObjects(
      connectSource(
        {},
        host(name),
        () => undefined,
        async () => s3(),
      ),
      host(name),
    )
  const optionsOf = (source: BuiltSource | undefined) => (source?.options ?? {}) as Options

  function fromQueue(item: QueueItem): Promise<Unpacked> | Unpacked {
    const queue = item.from
    const source = sources.find((one) => nameOfQueue(optionsOf(one).queue ?? '') === queue)
    const { unwrap = true, base64 = false, include, exclude = [] } = optionsOf(source)
    const name = source?.name ?? 'lambda:sqs'
    const announces = source ? source.kind === 'aws-s3' : objectsIn(item.body) !== undefined
    if (announces) {
      return createUnpack({ queue, accepts: keysOf({ include, exclude }) }, objectsOf(name), name)(item)
    }
    return { deliveries: [messageDelivery({ queue, base64, unwrap }, name)(item)] }
  }

  return async (item) => {
    if (item.kind === 'sqs') return fromQueue(item)
    if (item.kind === 'kinesis') {
      const source = sources.find((one) => one.kind === 'aws-kinesis' && optionsOf(one).stream === item.from)
      const options = { stream: item.from, unwrap: optionsOf(source).unwrap ?? false }
      const record = { Data: item.bytes, SequenceNumber: item.id, ApproximateArrivalTimestamp: new Date(item.at) }
      return { deliveries: kinesisDeliveries(options, host(source?.name ?? 'lambda:kinesis'))(record, item.shard) }
    }
    const objects = item.kind === 'eventbridge' || item.kind === 'sns' ? objectsIn(textOf(item)) : undefined
    if (!objects) return { deliveries: [pushed(item)] }
    const reader = objectsOf('lambda:s3')
    const found = await Promise.all(objects.map((object) => reader.deliveryOf({ at: item.at, ...object })))
    const deliveries = found.filter((delivery) => delivery !== undefined)
    return { deliveries, done: () => reader.forget(objects) }
  }
}

const textOf = ({ bytes }: PushedItem): string => Buffer.from(bytes).toString()

function pushed({ kind, from, id, bytes, at }: PushedItem): Delivery {
  const origin = `${kind}/${from}/${id}`
  return {
    ...{ id: origin, source: `lambda:${kind}`, receivedAt: at, origin, size: bytes.length },
    async *body() {
      yield bytes
    },
  }
}

/** What sources may use of a function: nothing of its disk. */
export const hostOf = (given: Pick<Host, 'state' | 'now' | 'log' | 'secret' | 'count'>): Host => ({
  ...{ projectDir: '/var/task', dataDir: '/tmp', decoders },
  ...given,
})
