import { z } from 'zod'
import { awsOptions } from '../aws/options.ts'
import type { Alert } from '../core/contracts/index.ts'
import { defineOutput } from '../core/component.ts'
import { publicationJson } from '../core/publish.ts'
import { connectAws } from './shared/aws.ts'

/**
 * Writes each alert as one object: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 * Its key comes from the alert alone, so that a repeat overwrites the same object with the same bytes.
 */
export default defineOutput({
  name: 'aws-s3',
  summary: 'Writes each alert as a JSON object into an Amazon S3 bucket, in folders by the hour.',
  setup:
    'Allow `s3:PutObject` on `arn:aws:s3:::BUCKET/PREFIX*`; with `kmsKey` also `kms:GenerateDataKey` on the key. ' +
    'Keys are `PREFIX` + `dt=YYYY-MM-DD-HH/SOURCE_RULE_ID.json`, by the time of the alert in UTC.',
  config: z.strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket')
      .meta({ description: 'Name of the bucket.' }),
    prefix: z
      .string()
      .max(500)
      .regex(/^(?!\/)([^\\{}^%`[\]"<>~#|]*\/)?$/, 'is not a prefix: end it with /, begin it with none')
      .default('alerts/')
      .meta({ description: 'What all keys begin with.' }),
    kmsKey: z.string().min(1).optional().meta({
      description: "ARN of the KMS key that encrypts the objects. Default: the bucket's own encryption.",
    }),
    ...awsOptions,
  }),
  examples: [
    { title: 'A folder for each hour', config: { bucket: 'example-alerts', region: 'eu-central-1' } },
    {
      title: 'A bucket of another account, encrypted with a key of one’s own',
      config: {
        bucket: 'example-security-archive',
        prefix: 'streamalert/',
        kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        region: 'eu-central-1',
        assumeRole: { arn: 'arn:aws:iam::123456789012:role/streamalert-archive', externalId: 'secret:ARCHIVE_ID' },
      },
    },
  ],
  concurrency: 4,
  create(config, host) {
    const { call, close } = connectAws(config, host, async (settings) => {
      const { S3 } = await import('@aws-sdk/client-s3')
      // Services at other addresses seldom have a host name for each bucket.
      return new S3({ ...settings, forcePathStyle: config.endpoint !== undefined })
    })
    return {
      async send({ alert, publication }, abortSignal) {
        const input = {
          Bucket: config.bucket,
          Key: `${config.prefix}${keyOf(alert)}`,
          Body: Buffer.from(publicationJson(publication)),
          ContentType: 'application/json',
          ...(config.kmsKey !== undefined && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: config.kmsKey }),
        }
        await call((s3) => s3.putObject(input, { abortSignal }))
      },
      close,
    }
  },
})

/** `dt=2026-02-03-10/file_osquery_sudo-in-pci_<id>.json` */
function keyOf({ id, rule, source, createdAt }: Alert): string {
  const part = (name: string) => name.replace(/[^\w.-]+/g, '_').slice(0, 100)
  return `dt=${createdAt.slice(0, 13).replace('T', '-')}/${part(source)}_${part(rule)}_${id}.json`
}
