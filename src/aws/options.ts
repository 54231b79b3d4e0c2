import { z } from 'zod'
import { secret } from '../core/option.ts'

const endpoint = (description: string) =>
  z
    .url({ protocol: /^https?$/, error: 'is not an http:// or https:// address' })
    .optional()
    .meta({ description })

/** Options of every component that talks to AWS: where, and as whom. Spread them into its `z.strictObject`. */
export const awsOptions = {
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region: write eu-central-1')
    .optional()
    .meta({ description: 'Region. Default: what an ARN or address above says, else `AWS_REGION`, else the profile.' }),
  endpoint: endpoint('Another address of the service, such as a VPC endpoint.'),
  profile: z.string().min(1).optional().meta({ description: 'Profile in `~/.aws/config`. Default: `AWS_PROFILE`.' }),
  credentials: z
    .strictObject({
      accessKeyId: secret('Access key.'),
      secretAccessKey: secret('Secret access key.'),
      sessionToken: secret('Session token of temporary keys.').optional(),
    })
    .optional()
    .meta({
      description:
        'Keys. Default, and better: what AWS gives (environment, profile, role of the instance or container).',
    }),
  assumeRole: z
    .strictObject({
      arn: z
        .string()
        .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'is not the ARN of a role')
        .meta({ description: 'ARN of the role.' }),
      externalId: secret('External id that the role asks for.').optional(),
      sessionName: z
        .string()
        .regex(/^[\w+=,.@-]{2,64}$/, 'is not a session name: 2 to 64 letters, digits and _+=,.@-')
        .default('streamalert')
        .meta({ description: 'Name of the session, which CloudTrail shows.' }),
      endpoint: endpoint('Another address of STS.'),
    })
    .optional()
    .meta({ description: 'A role to take on first, such as one of another account.' }),
}

const shape = z.strictObject(awsOptions)

/** As written by `awsOptions`, checked. */
export type AwsOptions = z.output<typeof shape>
