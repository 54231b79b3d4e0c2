import type { BucketLocationConstraint, S3 } from '@aws-sdk/client-s3'
import { CodedError } from '../../core/errors.ts'
import { asking } from './clients.ts'

/** Where a state of Terraform lies. */
export interface StatePlace {
  readonly bucket: string
  readonly region: string
  /** The account that must own it: a name alone might be somebody else's. */
  readonly account: string
}

/** The state's key in its bucket. */
export const stateKey = 'streamalert.tfstate'

/** Arguments of `terraform init` that name the state; that it is encrypted and locked by a file, infra/versions.tf says. */
export const backendArguments = ({ bucket, region, account }: StatePlace): string[] => [
  `-backend-config=bucket=${bucket}`,
  `-backend-config=key=${stateKey}`,
  `-backend-config=region=${region}`,
  `-backend-config=allowed_account_ids=["${account}"]`,
]

/** Whether the bucket is there, in this account and region. Throws CONFIG_INVALID when it is elsewhere, AWS_FAILED. */
export async function hasStateBucket(s3: S3, { bucket, region, account }: StatePlace): Promise<boolean> {
  return asking(`The state's bucket ${bucket}`, async () => {
    try {
      const { BucketRegion: found } = await s3.headBucket({ Bucket: bucket, ExpectedBucketOwner: account })
      if (found === undefined || found === region) return true
      throw elsewhere(bucket, found)
    } catch (error) {
      const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
      if (name === 'NotFound' || $metadata?.httpStatusCode === 404) return false
      if ($metadata?.httpStatusCode === 301) throw elsewhere(bucket, 'another region')
      throw error
    }
  })
}

const elsewhere = (bucket: string, region: string) =>
  new CodedError('CONFIG_INVALID', `The bucket ${bucket} is in ${region}: a prefix is used in one region only.`, {
    place: { file: 'streamalert.yaml' },
    hint: 'Take another aws.prefix for this region.',
  })

/** What is made, for people. */
export const stateBucketText = ({ bucket, region, account }: StatePlace) =>
  `The bucket ${bucket} in ${region} (account ${account}), for the state of Terraform: versioned, encrypted, private, reached by TLS only.`

/**
 * Makes the bucket, or goes on where an earlier try broke off: each step may be repeated. The state holds no secret; its old
 * versions are kept for 90 days.
 */
export async function makeStateBucket(s3: S3, place: StatePlace): Promise<void> {
  const { bucket, region, account } = place
  const its = { Bucket: bucket, ExpectedBucketOwner: account }
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  const arn = `arn:${partition}:s3:::${bucket}`
  await asking(`Making the bucket ${bucket}`, async () => {
    if (!(await hasStateBucket(s3, place))) {
      // The oldest region must not be named: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
      const location = { LocationConstraint: region as BucketLocationConstraint }
      await s3.createBucket({ Bucket: bucket, ...(region !== 'us-east-1' && { CreateBucketConfiguration: location }) })
    }
    await s3.putPublicAccessBlock({
      ...its,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    })
    await s3.putBucketEncryption({
      ...its,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
      },
    })
    await s3.putBucketVersioning({ ...its, VersioningConfiguration: { Status: 'Enabled' } })
    await s3.putBucketLifecycleConfiguration({
      ...its,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: 'old-versions',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            NoncurrentVersionExpiration: { NoncurrentDays: 90 },
          },
        ],
      },
    })
    await s3.putBucketPolicy({
      ...its,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    })
  })
}
