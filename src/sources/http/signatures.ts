import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Exchange, header } from './exchange.ts'

export interface SignatureOptions {
  readonly scheme: 'github' | 'slack' | 'stripe' | 'streamalert'
  /** The shared key, or `secret:NAME`. */
  readonly key: string
  /** How far the sender's clock may be from ours, where the signature has a time. Milliseconds. */
  readonly tolerance: number
}

interface Check {
  readonly key: string
  readonly toleranceMs: number
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * True when the body was signed with the key, and not too long ago. All are HMAC-SHA-256 in hex, of the bytes as they were sent.
 * - GitHub: `X-Hub-Signature-256: sha256=<hex>` of the body. No time.
 *   https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * - Slack: `X-Slack-Signature: v0=<hex>` of `v0:<time>:<body>`, with `X-Slack-Request-Timestamp` in epoch seconds.
 *   https://docs.slack.dev/authentication/verifying-requests-from-slack
 * - Stripe, and the webhooks of StreamAlert: `t=<time>,v1=<hex>` of `<time>.<body>`, any number of `v1`.
 *   https://docs.stripe.com/webhooks#verify-manually
 */
export function verifySignature(scheme: SignatureOptions['scheme'], exchange: Exchange, check: Check): boolean {
  const { sent } = exchange
  if (scheme === 'github') {
    return matches(header(exchange, 'x-hub-signature-256') ?? '', 'sha256=', check.key, '', sent)
  }
  if (scheme === 'slack') {
    const time = header(exchange, 'x-slack-request-timestamp') ?? ''
    const signature = header(exchange, 'x-slack-signature') ?? ''
    return isRecent(time, check) && matches(signature, 'v0=', check.key, `v0:${time}:`, sent)
  }
  const name = scheme === 'stripe' ? 'stripe-signature' : 'x-streamalert-signature'
  const parts = (header(exchange, name) ?? '').split(',').map((part) => part.trim())
  const time = parts.find((part) => part.startsWith('t='))?.slice(2) ?? ''
  if (!isRecent(time, check)) return false
  const signatures = parts.filter((part) => part.startsWith('v1='))
  return signatures.slice(0, 10).some((signature) => matches(signature, 'v1=', check.key, `${time}.`, sent))
}

const isRecent = (time: string, { now, toleranceMs }: Check) =>
  /^\d{1,12}$/.test(time) && Math.abs(now - Number(time) * 1_000) <= toleranceMs

function matches(signature: string, prefix: string, key: string, before: string, body: Uint8Array): boolean {
  if (!signature.startsWith(prefix)) return false
  const expected = createHmac('sha256', key).update(before).update(body).digest()
  const given = Buffer.from(signature.slice(prefix.length), 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
