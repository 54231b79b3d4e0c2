import { createHash, createHmac } from 'node:crypto'
import { CodedError, messageOf } from '../../core/errors.ts'

/** Keys that sign. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Whose the keys are. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string
  readonly arn: string
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** What is signed, and when. */
export interface Signing {
  readonly service: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly now: number
}

/**
 * Headers that sign a GET without a body by Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * The query must be in the order of its names and encoded already.
 */
export function signedHeaders(url: URL, keys: Keys, { service, region, now }: Signing): Record<string, string> {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-date': time,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const request = ['GET', url.pathname, url.search.slice(1), lines.join(''), names, sha256('')].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  const signature = hmac(key, text).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...headers, authorization }
}

/**
 * Asks STS whose the keys are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, which needs no
 * permission. `endpoint`: in place of that of the region. Throws AWS_FAILED.
 */
export async function callerIdentity(keys: Keys, region: string, endpoint?: string): Promise<Identity> {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const url = new URL('/?Action=GetCallerIdentity&Version=2011-06-15', endpoint ?? `https://sts.${region}.${suffix}`)
  const { host: _, ...headers } = signedHeaders(url, keys, { service: 'sts', region, now: Date.now() })
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
