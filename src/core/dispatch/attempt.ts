import type { Claim, Message, Output, Settlement } from '../contracts/index.ts'
import { CodedError, messageOf } from '../errors.ts'
import { type Backoff, retryDelay } from './retry.ts'

/** Limits on the delivery of one alert to one output. */
export interface DeliveryLimits {
  readonly maxTries: number
  /** Counted from when the alert was stored. Every alert is tried at least once, however old. */
  readonly maxAgeMs: number
  /** Of one try. */
  readonly timeoutMs: number
  /** Between tries. Default: `defaultBackoff`. */
  readonly backoff?: Backoff
}

/** A longer receipt is not kept: half a name names nothing. */
const longestReceipt = 1_000

/** What one try came to. */
export interface Attempt {
  readonly outcome: 'sent' | 'later' | 'dead'
  readonly settlement: Settlement
  /** Why it failed. */
  readonly error?: CodedError
}

/**
 * Sends one alert once. Never throws: whatever the output throws becomes a settlement.
 * Worth another try (`retry: 'later'`, or no answer in time): pending, until the limits are reached. Anything else: dead.
 */
export async function attempt(
  claim: Claim,
  message: () => Promise<Message>,
  output: Output,
  limits: DeliveryLimits,
  now: () => number,
  random: () => number,
): Promise<Attempt> {
  const which = { alert: claim.alert.id, output: claim.output, lease: claim.lease }
  try {
    const receipt = await sendWithin(output, message, limits.timeoutMs)
    const kept = typeof receipt === 'string' && receipt.length <= longestReceipt
    return { outcome: 'sent', settlement: { ...which, state: 'sent', ...(kept && { receipt }) } }
  } catch (thrown) {
    const error =
      thrown instanceof CodedError ? thrown : new CodedError('OUTPUT_REJECTED', messageOf(thrown), { cause: thrown })
    if (error.retry === 'never') return { outcome: 'dead', settlement: dead(which, error), error }
    const tries = claim.attempts + 1
    const end = claim.storedAt + limits.maxAgeMs
    const at = now()
    if (tries >= limits.maxTries || at >= end) {
      const expired = new CodedError('OUTPUT_EXPIRED', `Given up after ${tries} tries. Last: ${textOf(error)}`)
      return { outcome: 'later', settlement: dead(which, expired), error }
    }
    const retryAt = Math.min(at + retryDelay(tries, random(), error.retryAfterMs, limits.backoff), end)
    return { outcome: 'later', settlement: { ...which, state: 'pending', retryAt, error: textOf(error) }, error }
  }
}

/** The settlement of a delivery that only a person can bring back to life. */
export function dead(which: Pick<Settlement, 'alert' | 'output' | 'lease'>, error: CodedError): Settlement {
  return { ...which, state: 'dead', error: textOf(error) }
}

/** An error is kept with the delivery: a far end must not decide how much that is. */
const longestError = 1_000

const textOf = (error: CodedError) => `${error.code} ${error.message}`.slice(0, longestError)

/** Sends, and gives up after `timeoutMs` even when the output does not heed its signal. Publishing is of that time. */
async function sendWithin(
  output: Output,
  message: () => Promise<Message>,
  timeoutMs: number,
): Promise<string | undefined> {
  const abort = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    abort.abort()
    reject(new CodedError('OUTPUT_UNAVAILABLE', `No answer within ${timeoutMs / 1000} s.`, { retry: 'later' }))
  }, timeoutMs)
  try {
    const sent = async () => {
      const made = await message()
      // Too late: it is tried again, perhaps by another.
      return abort.signal.aborted ? undefined : output.send(made, abort.signal)
    }
    return (await Promise.race([sent(), late])) ?? undefined
  } catch (error) {
    // What an output throws when it is stopped says nothing: the time was up.
    throw abort.signal.aborted ? await late.catch((reason: unknown) => reason) : error
  } finally {
    clearTimeout(timer)
  }
}
