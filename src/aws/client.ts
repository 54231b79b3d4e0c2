import type { NodeHttpHandler } from '@smithy/node-http-handler'
import type { AwsOptions } from './options.ts'

/** Keys of an identity; from `expiration` on they are asked for again. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

/** What the client of any service is made from: `new SQS(await clientSettings(…))`. */
export interface ClientSettings {
  readonly maxAttempts: number
  readonly requestHandler: NodeHttpHandler
  readonly logger: Record<'debug' | 'info' | 'warn' | 'error', () => void>
  readonly region?: string
  readonly endpoint?: string
  readonly profile?: string
  readonly credentials?: () => Promise<AwsKeys>
}

export interface ClientMeans {
  /** A value of the configuration, or the secret it stands for. */
  readonly reveal: (value: string) => Promise<string>
  /** Region where the options name none: that of a queue's address, of an ARN. */
  readonly region?: string | undefined
  /** Silence of the service after which a call ends, in milliseconds. Default 30,000; a long poll needs more than it waits. */
  readonly timeoutMs?: number
}

/**
 * Settings of a client: HTTP/1.1, since proxies and test servers seldom speak HTTP/2; no tries of its own, since whoever calls
 * tries again by its own rules; and an end to every wait. Loads parts of the SDK, so call it when first connecting.
 */
export async function clientSettings(options: AwsOptions, means: ClientMeans): Promise<ClientSettings> {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler')
  const timeoutMs = means.timeoutMs ?? 30_000
  const region = options.region ?? means.region
  const plain: ClientSettings = {
    maxAttempts: 1,
    logger: quiet,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    }),
    ...(region !== undefined && { region }),
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.credentials && { credentials: keysOf(options.credentials, means.reveal) }),
  }
  return {
    ...plain,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    ...(options.assumeRole && { credentials: await roleKeys(options.assumeRole, plain, means.reveal) }),
  }
}

const ignore = () => {}
/** Without one, the SDK writes to the console, where alerts and people's lines are. */
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/** The region in an ARN or in an address such as `https://sqs.eu-west-1.amazonaws.com/…`; undefined where there is none. */
export function regionIn(resource: string): string | undefined {
  return /^arn:[\w-]+:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d):|\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/
    .exec(resource)
    ?.slice(1)
    .find((region) => region !== undefined)
}

/** Keys of the configuration. They are revealed for each request anew and never kept: they count as expired at once. */
function keysOf(keys: NonNullable<AwsOptions['credentials']>, reveal: ClientMeans['reveal']) {
  return async (): Promise<AwsKeys> => ({
    accessKeyId: await reveal(keys.accessKeyId),
    secretAccessKey: await reveal(keys.secretAccessKey),
    ...(keys.sessionToken !== undefined && { sessionToken: await reveal(keys.sessionToken) }),
    expiration: new Date(0),
  })
}

/** Temporary keys of a role; the SDK keeps them and asks again before they expire. */
async function roleKeys(
  role: NonNullable<AwsOptions['assumeRole']>,
  { credentials, profile, ...settings }: ClientSettings,
  reveal: ClientMeans['reveal'],
) {
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  const masterCredentials = credentials ?? fromNodeProviderChain(profile === undefined ? {} : { profile })
  const clientConfig = { ...settings, ...(role.endpoint !== undefined && { endpoint: role.endpoint }) }
  return async (): Promise<AwsKeys> => {
    const externalId = role.externalId !== undefined && { ExternalId: await reveal(role.externalId) }
    const params = { RoleArn: role.arn, RoleSessionName: role.sessionName, ...externalId }
    return fromTemporaryCredentials({ masterCredentials, clientConfig, params })()
  }
}
