import { clientSettings, type ClientSettings } from '../../aws/client.ts'
import { awsError } from '../../aws/errors.ts'
import type { AwsOptions } from '../../aws/options.ts'
import type { SourceHost } from '../../core/component.ts'
import { sourceFailures } from '../../core/failures.ts'
import { secretsOf } from '../../core/secrets.ts'

/** Calls of one service of AWS for one source. */
export interface Connection<C> {
  /** Throws what AWS answers as a CodedError, without secrets. */
  call<T>(use: (client: C) => Promise<T>): Promise<T>
  close(): void
}

/** Connects at the first call. `resource`: an ARN or address whose region is taken where the options name none. */
export function connectSource<C extends { destroy(): void }>(
  options: AwsOptions & { readonly resource?: string; readonly timeoutMs?: number },
  host: Pick<SourceHost, 'secret'>,
  region: (resource: string) => string | undefined,
  create: (settings: ClientSettings) => Promise<C>,
): Connection<C> {
  const secrets = secretsOf(host)
  const { resource, timeoutMs, ...aws } = options
  let client: Promise<C> | undefined
  const connect = async () =>
    create(
      await clientSettings(aws, {
        reveal: secrets.reveal,
        ...(resource !== undefined && { region: region(resource) }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
    )
  return {
    async call(use) {
      try {
        return await use(await (client ??= connect()))
      } catch (error) {
        throw awsError(error, sourceFailures, secrets.redact)
      }
    },
    close() {
      void client?.then((connected) => connected.destroy()).catch(() => {})
      client = undefined
    },
  }
}
