import type { Consumer, ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { natsPatienceMs } from '../../connections/nats.ts'
import { CodedError } from '../../core/errors.ts'

export interface ConsumerOptions {
  readonly stream: string
  /** Durable name. */
  readonly consumer: string
  /** Default: all of the stream. */
  readonly subject?: string | undefined
  /** Where a consumer begins that is made. A time is in ISO 8601. */
  readonly start: string
  /** After so long without a word, the server gives a message to another. Of a consumer that is made. */
  readonly ackWaitMs: number
}

export interface OpenConsumer {
  readonly consumer: Consumer
  readonly ackWaitMs: number
}

/**
 * The durable consumer, made where there is none. One that is there stays as it is. Throws SOURCE_MISCONFIGURED when there is no
 * such stream, or the consumer is of another kind than is asked for.
 */
export async function openConsumer(options: ConsumerOptions, connection: NatsConnection): Promise<OpenConsumer> {
  const { jetstream, jetstreamManager, JetStreamApiError } = await import('@nats-io/jetstream')
  const { stream, consumer: name } = options
  const manager = await jetstreamManager(connection, { timeout: natsPatienceMs, checkAPI: false })
  /** What the server answers; undefined where it has none of that name (https://docs.nats.io/reference/reference-protocols/nats_api_reference). */
  const ifThere = async <T>(asking: Promise<T>): Promise<T | undefined> => {
    try {
      return await asking
    } catch (error) {
      if (error instanceof JetStreamApiError && error.status === 404) return undefined
      throw error
    }
  }
  const there = await ifThere(manager.consumers.info(stream, name))
  const info = there ?? (await ifThere(make(options, manager)))
  if (!info) {
    throw new CodedError('SOURCE_MISCONFIGURED', `NATS: there is no stream "${stream}".`, {
      hint: 'Make it: nats stream add',
    })
  }
  check(info, options)
  const consumer = await jetstream(connection, { timeout: natsPatienceMs }).consumers.get(stream, name)
  return { consumer, ackWaitMs: (info.config.ack_wait ?? defaultAckWait) / nanos }
}

const nanos = 1_000_000
/** Nanoseconds: what the server takes where nothing was said. */
const defaultAckWait = 30_000 * nanos

function make({ stream, consumer, subject, start, ackWaitMs }: ConsumerOptions, manager: JetStreamManager) {
  const begin: Partial<ConsumerConfig> =
    start === 'oldest'
      ? { deliver_policy: 'all' }
      : start === 'latest'
        ? { deliver_policy: 'new' }
        : { deliver_policy: 'by_start_time', opt_start_time: new Date(start).toISOString() }
  return manager.consumers.add(stream, {
    durable_name: consumer,
    ack_policy: 'explicit',
    ack_wait: ackWaitMs * nanos,
    ...begin,
    ...(subject !== undefined && { filter_subject: subject }),
  })
}

function check({ config }: ConsumerInfo, { consumer, subject }: ConsumerOptions): void {
  const wrong =
    config.ack_policy !== 'explicit' || config.deliver_subject !== undefined
      ? 'it must be a pull consumer that is acknowledged explicitly'
      : subject !== undefined && config.filter_subject !== subject
        ? `it reads ${config.filter_subject ? `"${config.filter_subject}"` : 'another subject'} instead of "${subject}"`
        : undefined
  if (wrong === undefined) return
  throw new CodedError('SOURCE_MISCONFIGURED', `NATS: the consumer "${consumer}" is there, but ${wrong}.`, {
    hint: 'Name another in "consumer".',
  })
}
