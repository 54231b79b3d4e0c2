/**
 * What a function answers so that only what failed comes again:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting and
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * An empty list means that all is done. An identifier that is empty or unknown would fail the whole batch, so none is ever made up.
 */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/** Messages of a queue that failed, each by its id. */
export const queueResponse = (failed: readonly string[]): BatchResponse => ({
  batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })),
})

/**
 * Of a stream, only the lowest sequence number is asked for: all from there on comes again, and what was done repeats nothing.
 * Numbers have up to 56 digits.
 */
export function streamResponse(failed: readonly string[]): BatchResponse {
  const lowest = failed.reduce<string | undefined>(
    (least, one) => (least === undefined || BigInt(one) < BigInt(least) ? one : least),
    undefined,
  )
  return queueResponse(lowest === undefined ? [] : [lowest])
}
