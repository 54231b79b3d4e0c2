import type { Lambda } from '@aws-sdk/client-lambda'
import type { S3 } from '@aws-sdk/client-s3'
import type { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { awsError } from '../../aws/errors.ts'
import { clientSettings, type ClientSettings } from '../../aws/client.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { callerIdentity, type Identity, type Keys } from './identity.ts'

/** Where AWS is, and as whom to talk to it. By default: the region's own addresses, and the credentials of the SDK's chain. */
export interface AwsPlace {
  readonly endpoint?: string
  readonly keys?: Keys
}

/** The services that deployment talks to, beside what Terraform does. */
export interface AwsClients {
  identity(): Promise<Identity>
  s3(): Promise<S3>
  lambda(): Promise<Lambda>
  secretsManager(): Promise<SecretsManager>
}

/** Clients of one region. The SDK is loaded with the first use of each. */
export function awsClients(region: string, { endpoint, keys }: AwsPlace = {}): AwsClients {
  const plain = { region, ...(endpoint !== undefined && { endpoint }), ...(keys && { credentials: keys }) }
  const settings = (): Promise<ClientSettings> =>
    clientSettings(plain, { reveal: async (value) => value, timeoutMs: 60_000 })
  return {
    async identity() {
      return callerIdentity(keys ?? (await chainKeys()), region, endpoint)
    },
    async s3() {
      const { S3: Client } = await import('@aws-sdk/client-s3')
      return new Client({ ...(await settings()), maxAttempts: 3, forcePathStyle: endpoint !== undefined })
    },
    async lambda() {
      const { Lambda: Client } = await import('@aws-sdk/client-lambda')
      return new Client({ ...(await settings()), maxAttempts: 3 })
    },
    async secretsManager() {
      const { SecretsManager: Client } = await import('@aws-sdk/client-secrets-manager')
      return new Client({ ...(await settings()), maxAttempts: 3 })
    },
  }
}

/** The keys of the SDK's chain: environment, profile, single sign-on, role of the machine. Throws AWS_FAILED. */
export async function chainKeys(): Promise<Keys> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
  try {
    return await fromNodeProviderChain()()
  } catch (cause) {
    throw new CodedError('AWS_FAILED', `There are no credentials for AWS: ${messageOf(cause)}`, {
      hint: 'Run "aws configure sso" or "aws configure", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      cause,
    })
  }
}

/** What `call` answers; what AWS refuses as AWS_FAILED, with what was being done. A CodedError passes as it is. */
export async function asking<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof CodedError) throw error
    const codes = { unavailable: 'AWS_FAILED', misconfigured: 'AWS_FAILED', rejected: 'AWS_FAILED' } as const
    const { message, hint } = awsError(error, codes)
    throw new CodedError('AWS_FAILED', `${what}: ${message}`, { ...(hint !== undefined && { hint }), cause: error })
  }
}
