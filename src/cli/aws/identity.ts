import { CodedError, messageOf } from '../../core/errors.ts'
import { type Keys, signedHeaders } from './sign.ts'

export type { Keys } from './sign.ts'

/** Whose the keys are. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string
  readonly arn: string
}

/**
 * Asks STS whose the keys are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, which needs no
 * permission. `endpoint`: in place of that of the region. Throws AWS_FAILED.
 */
export async function callerIdentity(keys: Keys, region: string, endpoint?: string): Promise<Identity> {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const url = new URL('/?Action=GetCallerIdentity&Version=2011-06-15', endpoint ?? `https://sts.${region}.${suffix}`)
  const signing = { service: 'sts', region, now: Date.now() }
  const { host: _, ...headers } = await signedHeaders({ method: 'GET', url }, keys, signing)
  const answer = await ask(url, { ...headers, accept: 'application/json' })
  const { Account: account, Arn: arn } = answer.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {}
  if (typeof account === 'string' && /^\d{12}$/.test(account)) return { account, arn: String(arn) }
  const said = answer.Error?.Message
  const reason = typeof said === 'string' ? said.slice(0, 300) : 'the answer names no account'
  throw new CodedError('AWS_FAILED', `STS does not say whose the keys are: ${reason}`, {
    hint: 'Renew them: "aws sso login", or new AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  })
}

interface StsAnswer {
  readonly GetCallerIdentityResponse?: {
    readonly GetCallerIdentityResult?: { readonly Account?: unknown; readonly Arn?: unknown }
  }
  readonly Error?: { readonly Message?: unknown }
}

async function ask(url: URL, headers: Record<string, string>): Promise<StsAnswer> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000), redirect: 'error' })
    return ((await response.json()) as StsAnswer | null) ?? {}
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : ''
    throw new CodedError('AWS_FAILED', `STS does not answer: ${messageOf(error)}${cause}`, { cause: error })
  }
}
