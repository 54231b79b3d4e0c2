import { CodedError } from '../../core/errors.ts'
import type { ConfiguredOutput } from '../components.ts'
import type { PlacedSecret } from '../secrets.ts'
import type { AwsConfig } from './config.ts'

/** `outputs` of infra/variables.tf: what alerts are sent to, as ARNs, and the secrets that outputs need. */
export interface OutputVariables {
  readonly secrets: readonly string[]
  readonly topics: readonly string[]
  readonly queues: readonly string[]
  readonly functions: readonly string[]
  readonly buckets: readonly string[]
  readonly firehoses: readonly string[]
  readonly log_groups: readonly string[]
  readonly ses_identities: readonly string[]
  readonly key_arns: readonly string[]
  readonly sent_key_arns: readonly string[]
  readonly roles: readonly string[]
}

/** Options of the AWS outputs, as their declarations have checked them. */
interface Options {
  readonly region?: string
  readonly credentials?: unknown
  readonly assumeRole?: { readonly arn: string }
  readonly topic?: string
  readonly queue?: string
  readonly bucket?: string
  readonly kmsKey?: string
  readonly function?: string
  readonly qualifier?: string
  readonly stream?: string
  readonly group?: string
  readonly from?: string
}

type Target = readonly [variable: keyof OutputVariables, arns: readonly string[]]

/** The ARN of a resource that may be named without region and account. Throws where the account is needed and unknown. */
type MakeArn = (service: string, resource: string) => string

const targetsOf: Readonly<Record<string, (options: Options, arn: MakeArn, aws: AwsConfig) => readonly Target[]>> = {
  'aws-sns': ({ topic }) => [['topics', [topic!]]],
  'aws-sqs': ({ queue }) => [['queues', [queueArn(queue!)]]],
  'aws-s3': ({ bucket, kmsKey }, _, { region }) => [
    ['buckets', [`arn:${partitionOf(region)}:s3:::${bucket}`]],
    ['key_arns', kmsKey?.startsWith('arn:') ? [kmsKey] : []],
  ],
  'aws-lambda': ({ function: name, qualifier }, arn) => [
    [
      'functions',
      [
        `${name!.startsWith('arn:') ? name! : arn('lambda', `function:${name}`)}${qualifier === undefined ? '' : `:${qualifier}`}`,
      ],
    ],
  ],
  'aws-firehose': ({ stream }, arn) => [['firehoses', [arn('firehose', `deliverystream/${stream}`)]]],
  'aws-cloudwatch-log': ({ group }, arn) => [['log_groups', [arn('logs', `log-group:${group}`)]]],
  // Either the address is verified, or its domain.
  'aws-ses': ({ from }, arn) => {
    const address = /([^<>\s]+@[^<>\s]+)>?$/.exec(from!)![1]!
    return [
      ['ses_identities', [address, address.split('@').at(-1)!].map((identity) => arn('ses', `identity/${identity}`))],
    ]
  },
}

/** Kinds that write to a disk or a terminal, which a function has not. */
const local = new Set(['file', 'stdout', 'terminal'])

/** Outputs of the project that a function cannot serve: what is sent to them is not seen by anybody. */
export const localOutputs = (outputs: readonly ConfiguredOutput[]): string[] =>
  outputs.filter(({ kind }) => local.has(kind.name)).map(({ name }) => name)

/**
 * What outputs need of AWS. An output with keys of its own needs nothing of a function's role. Faults (CONFIG_INVALID) go to
 * `problems`.
 */
export function outputVariables(
  outputs: readonly ConfiguredOutput[],
  secretUses: readonly PlacedSecret[],
  aws: AwsConfig,
  problems: CodedError[],
): OutputVariables {
  const targets = outputs.flatMap((output): readonly Target[] => {
    const options = output.options as Options
    if (!Object.hasOwn(targetsOf, output.kind.name) || options.credentials !== undefined) return []
    // What a role reaches is for the role's own policies to say.
    if (options.assumeRole !== undefined) return [['roles', [options.assumeRole.arn]] as const]
    try {
      return targetsOf[output.kind.name]!(options, arnMaker(output, options.region ?? aws.region, aws.account), aws)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      problems.push(error)
      return []
    }
  })
  const of = (variable: keyof OutputVariables) =>
    unique(targets.filter(([name]) => name === variable).flatMap(([, arns]) => arns))
  return {
    secrets: outputSecrets(secretUses),
    topics: of('topics'),
    queues: of('queues'),
    functions: of('functions'),
    buckets: of('buckets'),
    firehoses: of('firehoses'),
    log_groups: of('log_groups'),
    ses_identities: of('ses_identities'),
    key_arns: of('key_arns'),
    sent_key_arns: unique(aws.outputKeys),
    roles: of('roles'),
  }
}

/** Names of the secrets that outputs use; of `NAME#key` the part before, which names the secret. */
export const outputSecrets = (uses: readonly PlacedSecret[]): string[] =>
  unique(uses.filter(({ option }) => option.startsWith('outputs.')).map(({ name }) => name.split('#', 1)[0]!))

const unique = (texts: readonly string[]) => [...new Set(texts)].toSorted()

const fault = ({ name, place }: ConfiguredOutput, what: string, hint: string) =>
  new CodedError('CONFIG_INVALID', `${name} ${what}.`, { place, hint })

const arnMaker =
  (output: ConfiguredOutput, region: string, account: string | undefined): MakeArn =>
  (service, resource) => {
    if (account !== undefined) return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`
    throw fault(
      output,
      'names a resource without its account',
      'Set aws.account, so that the function may use this one and no other.',
    )
  }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string) =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/** `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` → the queue's ARN. */
function queueArn(address: string): string {
  const [, region, account, name] =
    /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/([\w-]+(?:\.fifo)?)$/.exec(address) ?? []
  if (name === undefined)
    throw new CodedError('CONFIG_INVALID', `${address} is not the address of a queue in AWS.`, {
      hint: 'Write https://sqs.REGION.amazonaws.com/ACCOUNT/NAME.',
    })
  return `arn:${partitionOf(region!)}:sqs:${region}:${account}:${name}`
}
