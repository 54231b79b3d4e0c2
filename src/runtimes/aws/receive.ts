import type { S3 } from '@aws-sdk/client-s3'
import type { SourceCount, SourceHost } from '../../core/component.ts'
import type { Delivery, Framing } from '../../core/contracts/index.ts'
import { decoders } from '../../decoders/index.ts'
import { messageDelivery, nameOfQueue } from '../../sources/aws/message.ts'
import { kinesisDeliveries } from '../../sources/aws-kinesis/deliveries.ts'
import { type ObjectRef, objectsIn } from '../../sources/aws-s3/events.ts'
import { bytesOf, createObjectReader } from '../../sources/aws-s3/read-object.ts'
import { stretchDelivery, stretchesOf, type StretchLimits } from '../../sources/aws-s3/stretches.ts'
import { keysOf } from '../../sources/aws-s3/unpack.ts'
import { connectSource } from '../../sources/aws/connect.ts'
import type { EventItem, PushedItem, QueueItem } from './events.ts'
import { itemsGivenUp, mostGivenUp } from './given-up.ts'
import type { BuiltSource } from './project.ts'
import { readStretch, type StretchMessage } from './stretch-message.ts'

/** What an item of an event holds. */
export interface Opened {
  readonly deliveries: readonly Delivery[]
  /** What of it is for other invocations. */
  readonly handOn: readonly StretchMessage[]
  /** Delivery → what would have another invocation read it; there is none for what only its transport can give again. */
  readonly stretches: ReadonlyMap<string, StretchMessage>
}

/** Opens what an event holds. Bodies of large objects fail once the time is short. */
export type Receive = (item: EventItem, isShort: () => boolean) => Promise<Opened>

export interface ReceiveOptions {
  readonly sources: readonly BuiltSource[]
  readonly s3: () => S3
  /** Name of the queue that stretches of objects come by. Undefined: there is none, and each object is read as a whole. */
  readonly queue: string | undefined
  readonly limits: StretchLimits
  /** Name of the bucket where Lambda keeps what it gave up. Undefined: there is none. */
  readonly failed: string | undefined
  /** The framings that the candidate schemas of a source use. */
  framings(source: string): ReadonlySet<Framing>
  /** Adds to a counter of a source. */
  count(source: string, what: SourceCount, n: number): void
}

type Host = Omit<SourceHost, 'name' | 'count'>

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
export function createReceive(options: ReceiveOptions, given: Host): Receive {
  const { sources, s3, queue, limits, failed, framings, count } = options
  const host = (name: string): SourceHost => ({ ...given, name, count: (what, n = 1) => count(name, what, n) })
  const readerOf = (name: string, isShort?: () => boolean) =>
    createObjectReader(
      connectSource(
        {},
        host(name),
        () => undefined,
        async () => s3(),
      ),
      host(name),
      isShort,
    )
  const optionsOf = (source: BuiltSource | undefined) => (source?.options ?? {}) as Options

  async function stretch(message: StretchMessage, isShort: () => boolean): Promise<Opened> {
    const { source } = message
    const delivery = await stretchDelivery(message, readerOf(source, isShort), host(source))
    if (!delivery) return nothing
    return { deliveries: [delivery], handOn: [], stretches: new Map([[delivery.id, message]]) }
  }

  /** A large object goes to other invocations, where there is a way to them; a small one is read here. */
  async function object(source: string, found: ObjectRef, isShort: () => boolean): Promise<Opened> {
    if (found.bucket === failed) return givenUp(found, isShort)
    const all = queue === undefined ? [{ object: found, from: 0 }] : await parts(source, found)
    const messages = all.map((one) => ({ ...one, source, turn: 0 }))
    return messages.length > 1 ? { ...nothing, handOn: messages } : stretch(messages[0]!, isShort)
  }

  async function givenUp(found: ObjectRef, isShort: () => boolean): Promise<Opened> {
    const bytes = await bytesOf(readerOf('lambda:failed', isShort).body(found), mostGivenUp)
    // Gone: it was told.
    if (bytes.length === 0) return nothing
    return joined(await Promise.all(itemsGivenUp(bytes, given.now()).map((item) => receive(item, isShort))))
  }

  const parts = (source: string, found: ObjectRef) =>
    stretchesOf(found, readerOf(source), host(source), framings(source), limits)

  const objects = async (source: string, found: readonly ObjectRef[], isShort: () => boolean): Promise<Opened> =>
    joined(await Promise.all(found.map((one) => object(source, one, isShort))))

  async function fromQueue(item: QueueItem, isShort: () => boolean): Promise<Opened> {
    // Only the function itself, buckets and topics that are known write into its own queue.
    const message = item.from === queue ? readStretch(item.body) : undefined
    if (message) return stretch({ ...message, source: known(message.source) }, isShort)
    const source = sources.find((one) => nameOfQueue(optionsOf(one).queue ?? '') === item.from)
    const { unwrap = true, base64 = false, include, exclude = [] } = optionsOf(source)
    const announced = source && source.kind !== 'aws-s3' ? undefined : objectsIn(item.body)
    if (announced) {
      const accepts = keysOf({ include, exclude })
      const isWanted = ({ bucket, key }: ObjectRef) => bucket === failed || accepts(key)
      const wanted = announced.filter(isWanted).map((one) => ({ at: item.sentAt, ...one }))
      return objects(source?.name ?? 'lambda:s3', wanted, isShort)
    }
    // One that announces nothing is no reason to lose it: it goes the way of records, and so perhaps into the quarantine.
    const plain = source?.kind === 'aws-s3' ? { unwrap: false, base64: false } : { unwrap, base64 }
    return only([messageDelivery({ queue: item.from, ...plain }, source?.name ?? 'lambda:sqs')(item)])
  }

  /** A message may be older than the configuration. */
  const known = (name: string) => (sources.some((one) => one.name === name) ? name : 'lambda:s3')

  async function receive(item: EventItem, isShort: () => boolean): Promise<Opened> {
    if (item.kind === 'sqs') return fromQueue(item, isShort)
    if (item.kind === 'kinesis') {
      const source = sources.find((one) => one.kind === 'aws-kinesis' && optionsOf(one).stream === item.from)
      const kinesis = { stream: item.from, unwrap: optionsOf(source).unwrap ?? false }
      const record = { Data: item.bytes, SequenceNumber: item.id, ApproximateArrivalTimestamp: new Date(item.at) }
      return only(kinesisDeliveries(kinesis, host(source?.name ?? 'lambda:kinesis'))(record, item.shard))
    }
    const announced = item.kind === 'eventbridge' || item.kind === 'sns' ? objectsIn(textOf(item)) : undefined
    if (!announced) return only([pushed(item)])
    const found = announced.map((one) => ({ at: item.at, ...one }))
    return objects('lambda:s3', found, isShort)
  }

  return receive
}

const nothing: Opened = { deliveries: [], handOn: [], stretches: new Map() }

const only = (deliveries: readonly Delivery[]): Opened => ({ ...nothing, deliveries })

const joined = (all: readonly Opened[]): Opened => ({
  deliveries: all.flatMap(({ deliveries }) => deliveries),
  handOn: all.flatMap(({ handOn }) => handOn),
  stretches: new Map(all.flatMap(({ stretches }) => [...stretches])),
})

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
export const hostOf = (given: Pick<Host, 'state' | 'now' | 'log' | 'secret'>): Host => ({
  ...{ projectDir: '/var/task', dataDir: '/tmp', decoders },
  ...given,
})
