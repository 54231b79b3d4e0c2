import { readFileSync } from 'node:fs'
import { CodedError } from '../../core/errors.ts'
import { isPlainObject } from '../../core/plain.ts'
import type { AwsConfig } from '../../project/aws/index.ts'
import { stateBucketName } from '../../project/aws/index.ts'
import type { Project } from '../../project/load.ts'
import { outputsFile } from './build.ts'
import { asking, type AwsClients, awsClients } from './clients.ts'
import type { Keys } from './identity.ts'
import { stateKey } from './state-bucket.ts'

/**
 * The address of the api: `aws.api.url`, or what `deploy` wrote down on this machine, or what the deployment's state says, which only
 * those may read who deploy. Throws NOT_FOUND.
 */
export async function apiUrl(
  project: Pick<Project, 'dir'>,
  aws: AwsConfig,
  keys: Keys,
  clients: (region: string) => AwsClients = (region) => awsClients(region, { keys }),
): Promise<string> {
  if (aws.api.url !== undefined) return aws.api.url
  const outputs =
    outputsIn(() => readFileSync(outputsFile(project), 'utf8')) ?? (await stateOutputs(aws, clients(aws.region)))
  const url = outputs['api_url']
  if (typeof url === 'string') return checkedUrl(url)
  throw new CodedError('NOT_FOUND', 'The deployment has no api.', {
    hint: 'Name who may ask it in aws.api.access of streamalert.yaml, and run "streamalert deploy".',
  })
}

/** Outputs as a JSON object; undefined where there is none. */
function outputsIn(read: () => string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(read())
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** https://developer.hashicorp.com/terraform/language/state: a JSON file, whose `outputs` hold the value of each. */
async function stateOutputs({ prefix }: AwsConfig, clients: AwsClients): Promise<Record<string, unknown>> {
  const { account } = await clients.identity()
  const bucket = stateBucketName(prefix, account)
  const s3 = await clients.s3()
  const hint = 'Run "streamalert deploy"; or write the address that it printed as aws.api.url into streamalert.yaml.'
  const text = await asking(`The deployment's state in ${bucket}`, async () => {
    try {
      const { Body } = await s3.getObject({ Bucket: bucket, Key: stateKey, ExpectedBucketOwner: account })
      return (await Body?.transformToString()) ?? ''
    } catch (error) {
      const { httpStatusCode: status } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {}
      if (status !== 403 && status !== 404) throw error
      const why = `no state that you may read in ${bucket}`
      throw new CodedError('NOT_FOUND', `It is not known where the api is: there is ${why}.`, { hint, cause: error })
    }
  })
  const outputs = outputsIn(() => text)?.['outputs']
  if (!isPlainObject(outputs))
    throw new CodedError('NOT_FOUND', `Nothing is deployed: ${bucket} holds no outputs.`, { hint })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, one]) => [name, isPlainObject(one) ? one['value'] : undefined]),
  )
}

function checkedUrl(url: string): string {
  if (URL.parse(url)?.protocol === 'https:') return url
  throw new CodedError('AWS_FAILED', `${JSON.stringify(url.slice(0, 200))} is not the address of an api.`)
}
