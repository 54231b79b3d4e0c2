import { CodedError } from '../../core/errors.ts'
import type { YamlFile } from '../yaml.ts'
import type { AwsConfig } from './config.ts'

/** A name within a namespace of AWS, with the option that it comes from. */
interface DerivedName {
  readonly space: 'bucket' | 'stream' | 'function' | 'role' | 'rule'
  readonly name: string
  readonly path: readonly string[]
}

/** Twelve digits stand for those of the account. */
const account = '000000000000'

/** Longest names: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
const longest = { bucket: 63, stream: 128, function: 64, role: 64, rule: 64 } as const

/** Where the state of Terraform lies: https://developer.hashicorp.com/terraform/language/backend/s3 */
export const stateBucketName = (prefix: string, ofAccount: string) => `${prefix}-terraform-state-${ofAccount}`

/** Names that infra/ derives, those that could meet or grow too long. */
function derivedNames(
  { prefix, clusters, history }: Pick<AwsConfig, 'prefix' | 'clusters' | 'history'>,
  all: readonly string[],
): DerivedName[] {
  const own: DerivedName[] = [
    ...['access-logs', 'lake', 'terraform-state']
      .map((name) => `${prefix}-${name}-${account}`)
      .map((name) => ({ space: 'bucket' as const, name, path: ['aws', 'prefix'] })),
    ...['api', 'compact'].flatMap((name) => [
      { space: 'function' as const, name: `${prefix}-${name}`, path: ['aws', 'prefix'] },
      { space: 'role' as const, name: `${prefix}-${name}`, path: ['aws', 'prefix'] },
    ]),
    { space: 'role', name: `${prefix}-compact-schedule`, path: ['aws', 'prefix'] },
  ]
  const ofClusters = all.flatMap((cluster): DerivedName[] => {
    const {
      streams = {},
      existingStreams = {},
      buckets = {},
      logGroups = {},
      eventRules = {},
    } = clusters[cluster] ?? {}
    const isGivenUp = [streams, existingStreams, logGroups, eventRules].some((all) => Object.keys(all).length > 0)
    const begin = `${prefix}-${cluster}`
    const at = ['clusters', cluster]
    return [
      ...['ingest', 'dispatch'].map((part) => ({ space: 'function' as const, name: `${begin}-${part}`, path: at })),
      ...['ingest', 'dispatch', 'schedule', 'alerts', ...(history.writer === 'firehose' ? ['firehose'] : [])].map(
        (part) => ({
          space: 'role' as const,
          name: `${begin}-${part}`,
          path: at,
        }),
      ),
      ...(isGivenUp ? [{ space: 'bucket' as const, name: `${begin}-failed-${account}`, path: at }] : []),
      ...Object.keys(streams).map((name) => ({
        space: 'stream' as const,
        name: `${begin}-${name}`,
        path: ['aws', 'clusters', cluster, 'streams', name],
      })),
      ...Object.keys(eventRules).map((name) => ({
        space: 'rule' as const,
        name: `${begin}-${name}`,
        path: ['aws', 'clusters', cluster, 'eventRules', name],
      })),
      ...Object.keys(buckets).map((name) => ({
        space: 'bucket' as const,
        name: `${begin}-${name}-${account}`,
        path: ['aws', 'clusters', cluster, 'buckets', name],
      })),
    ]
  })
  return [...own, ...ofClusters]
}

/** Whether clusters exist, and names are bounded and apart. `all`: the clusters of the project. Faults go to `problems`. */
export function checkAwsNames(aws: AwsConfig, all: readonly string[], yaml: YamlFile, problems: CodedError[]): void {
  for (const cluster of all) {
    if (/^[a-z0-9][a-z0-9-]{0,15}$/.test(cluster)) continue
    problems.push(
      new CodedError('CONFIG_INVALID', `clusters.${cluster} cannot be deployed to AWS under this name.`, {
        place: yaml.place(['clusters', cluster], true),
        hint: 'Name it by up to 16 lower case letters, digits and dashes.',
      }),
    )
  }
  const taken = new Map<string, DerivedName>()
  for (const derived of derivedNames(aws, all)) {
    const { space, name, path } = derived
    const option = path.join('.')
    const place = yaml.place(path, true)
    if (name.length > longest[space])
      problems.push(
        new CodedError('CONFIG_INVALID', `${option} makes a ${space} of ${name.length} characters: ${name}.`, {
          place,
          hint: `AWS takes ${longest[space]}. Shorten it, the cluster or aws.prefix.`,
        }),
      )
    const earlier = taken.get(`${space} ${name}`)
    if (earlier)
      problems.push(
        new CodedError('CONFIG_INVALID', `${option} makes the same ${space} as ${earlier.path.join('.')}: ${name}.`, {
          place,
          hint: 'Give one of them another name.',
        }),
      )
    else taken.set(`${space} ${name}`, derived)
  }
}
