import type { Firehose } from '@aws-sdk/client-firehose'
import { awsError } from '../../../aws/errors.ts'
import { CodedError } from '../../../core/errors.ts'
import { storeCodes } from '../blobs.ts'
import type { Call } from './calls.ts'

/** What sending needs. */
export interface Means {
  readonly firehose: Pick<Firehose, 'putRecordBatch'>
  /** Of the invocation. */
  timeLeftMs(): number
  pause(ms: number): Promise<unknown>
  /** From 0 to 1. */
  random(): number
}

/** Waits between tries, milliseconds, each with a half by chance: a stream that is throttled takes more within seconds. */
const waits = [100, 200, 400, 800, 1_600, 3_200, 6_400]
/** What has to be left of an invocation for storing what was found: then nothing is tried again. */
const reserveMs = 5_000

/**
 * Sends a call's records; of those that were not taken, and only of those, again and again
 * (https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html). Rejects with STORE_FAILED when some were not taken in the
 * end, and at once when trying again is of no use.
 */
export async function send({ stream, records }: Call, means: Means): Promise<void> {
  let left = records
  for (const wait of [...waits, undefined]) {
    const { failed, error } = await attempt(stream, left, means.firehose)
    if (!error) return
    const ms = wait === undefined ? undefined : wait * (0.5 + means.random() / 2)
    if (ms === undefined || means.timeLeftMs() - ms < reserveMs) throw error
    left = failed
    await means.pause(ms)
  }
}

interface Attempt {
  readonly failed: readonly Uint8Array[]
  /** Undefined: all were taken. */
  readonly error?: CodedError
}

async function attempt(stream: string, records: readonly Uint8Array[], firehose: Means['firehose']): Promise<Attempt> {
  try {
    const { FailedPutCount = 0, RequestResponses = [] } = await firehose.putRecordBatch({
      DeliveryStreamName: stream,
      Records: records.map((Data) => ({ Data })),
    })
    if (FailedPutCount === 0) return { failed: [] }
    const failed = records.filter((_, n) => RequestResponses[n]?.ErrorCode !== undefined)
    const { ErrorCode = 'no reason given', ErrorMessage = '' } = RequestResponses.find((one) => one.ErrorCode) ?? {}
    const message = `${stream} did not take ${FailedPutCount} of ${records.length} records: ${ErrorCode} ${ErrorMessage}`
    // Where it does not say which, it is all of them.
    return { failed: failed.length > 0 ? failed : records, error: new CodedError('STORE_FAILED', message.trim()) }
  } catch (thrown) {
    const error = awsError(thrown, storeCodes)
    if (error.retry !== 'later') throw error
    return { failed: records, error }
  }
}
