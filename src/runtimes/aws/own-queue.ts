import type { SQS } from '@aws-sdk/client-sqs'
import { clientSettings } from '../../aws/client.ts'
import { awsError } from '../../aws/errors.ts'
import { CodedError } from '../../core/errors.ts'
import { sourceFailures } from '../../core/failures.ts'
import { nameOfQueue } from '../../sources/aws/message.ts'
import type { Surroundings } from './surroundings.ts'

/** The queue of the cluster's objects, into which the function that reads also writes: what another invocation is to do. */
export interface OwnQueue {
  readonly name: string
  /** Resolves when all are there. Throws a CodedError when they may not be; some may be there then. */
  send(bodies: readonly string[]): Promise<void>
}

/** SQS takes at most so many at once. */
const atOnce = 10

/** Undefined where the function has none. */
export function ownQueueOf({ env, sqs = connect }: Pick<Surroundings, 'env' | 'sqs'>): OwnQueue | undefined {
  const url = env['STREAMALERT_QUEUE']
  if (!url) return undefined
  let client: Promise<SQS> | undefined

  async function sendSome(bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody }))
    try {
      const { Failed = [] } = await (await (client ??= sqs())).sendMessageBatch({ QueueUrl: url, Entries })
      if (Failed.length > 0) throw new CodedError('SOURCE_FAILED', `${Failed[0]!.Code}: ${Failed[0]!.Message ?? ''}`)
    } catch (error) {
      throw awsError(error, sourceFailures)
    }
  }

  return {
    name: nameOfQueue(url),
    async send(bodies) {
      for (let at = 0; at < bodies.length; at += atOnce) await sendSome(bodies.slice(at, at + atOnce))
    },
  }
}

/** Loaded when it is first needed: few objects are so large. */
async function connect(): Promise<SQS> {
  const { SQS: Queue } = await import('@aws-sdk/client-sqs')
  return new Queue({ ...(await clientSettings({}, { reveal: async (value) => value })), maxAttempts: 6 })
}
