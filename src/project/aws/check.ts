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
  // What makes tables of records must not run twice at a time.
  if (aws.history.records !== false && !aws.reserveConcurrency)
    problems.push(
      new CodedError('CONFIG_INVALID', 'aws.reserveConcurrency is false: then no records can be kept.', {
        place: yaml.place(['aws', 'reserveConcurrency']),
        hint: 'Leave it out, or leave aws.history.records out until the quota is raised.',
      }),
    )
  checkApi(aws.api, clusters, yaml, problems)
  checkAwsNames(aws, clusters, yaml, problems)
}
