import { CodedError } from '../../core/errors.ts'
import { unknownKey } from '../issues.ts'
import type { YamlFile } from '../yaml.ts'
import { checkApi } from './api.ts'
import type { AwsConfig } from './config.ts'
import { checkAwsNames } from './names.ts'

/** What the form alone does not show: clusters exist, names are bounded and apart. Faults go to `problems`. */
export function checkAws(
  aws: AwsConfig | undefined,
  clusters: readonly string[],
  yaml: YamlFile,
  problems: CodedError[],
): void {
  if (!aws) return
  for (const name of Object.keys(aws.clusters))
    if (!clusters.includes(name)) problems.push(unknownKey(name, clusters, yaml, ['aws', 'clusters'], 'cluster'))
  checkHistory(aws, yaml, problems)
  checkApi(aws.api, clusters, yaml, problems)
  checkAwsNames(aws, clusters, yaml, problems)
}

function checkHistory({ history, reserveConcurrency }: AwsConfig, yaml: YamlFile, problems: CodedError[]): void {
  const { records, writer, compactors } = history
  const fault = (path: readonly string[], message: string, hint: string) =>
    problems.push(new CodedError('CONFIG_INVALID', message, { place: yaml.place(['aws', ...path]), hint }))
  // What makes tables of segments must not run twice at a time.
  if (records !== false && writer === 'segments' && !reserveConcurrency)
    fault(
      ['reserveConcurrency'],
      'aws.reserveConcurrency is false: then no records can be kept.',
      'Leave it out, or leave aws.history.records out until the quota is raised.',
    )
  if (records === false && writer === 'firehose')
    fault(
      ['history', 'writer'],
      'aws.history.writer is firehose, but no records are kept.',
      'Say how long with aws.history.records, such as 365d, or leave the writer out.',
    )
  if (writer === 'firehose' && compactors > 1)
    fault(
      ['history', 'compactors'],
      `aws.history.compactors is ${compactors}, but Firehose makes the tables itself: there is nothing to compact.`,
      'Leave it out, or set aws.history.writer to segments.',
    )
}
