import { createReader, type Reader } from '../core/api/index.ts'
import { CodedError } from '../core/errors.ts'
import type { AwsReader } from './aws/api-reader.ts'
import type { Cli } from './cli.ts'
import { withStore } from './store.ts'

/** Where a command looks: at the project's own state, or with `aws` at that of a deployment. */
export interface Place {
  readonly aws?: true | undefined
  /** Of the deployment; may be left out where there is only one. */
  readonly cluster?: string | undefined
}

/** Throws USAGE for a cluster without a deployment. */
export function isOnAws({ aws, cluster }: Place): boolean {
  if (cluster === undefined || aws) return aws === true
  throw new CodedError('USAGE', '--cluster names a cluster of the deployment.', { hint: 'Add --aws.' })
}

/** Runs `use` with what reads the state: an engine may be at work on it. */
export function withReader<T>(cli: Cli, place: Place, use: (reader: Reader) => Promise<T>): Promise<T> {
  if (isOnAws(place)) return withAws(cli, place, use)
  return withStore(cli, (store) => use(createReader(store, { now: Date.now })))
}

/** Runs `use` with what asks the api of the deployment. */
export async function withAws<T>(cli: Cli, place: Place, use: (reader: AwsReader) => Promise<T>): Promise<T> {
  const { openAwsReader } = await import('./aws/api-reader.ts')
  return use(await openAwsReader(cli, place))
}
