import { cloudtrailEvents, cloudwatchCloudtrail } from '../../schemas/index.ts'
import { defineRule } from '../../src/index.ts'
import { callContext, caller, parameter } from '../shared/aws.ts'
import { dig } from '../shared/data.ts'
import { accountOf, principalsOf, statementsOf } from '../shared/policy.ts'

export default defineRule({
  name: 'aws-bucket-policy-names-foreign-account',
  description: 'The policy of a bucket lets another AWS account in: a quiet way to carry data out.',
  severity: 'medium',
  schemas: [cloudtrailEvents, cloudwatchCloudtrail],
  where: { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', errorCode: { exists: false } },
  match: (event) => foreign(event).length > 0,
  title: (event) => `${caller(event)} let ${foreign(event).join(', ')} into bucket ${parameter(event, 'bucketName')}`,
  context: callContext,
  tags: ['aws', 'exposure'],
  attack: ['T1537', 'T1530'],
  references: [
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html',
  ],
  runbook:
    '1. Find out whose account it is. 2. Ask the caller for the agreement behind it. 3. If nobody knows of it, take the statement out, lock the credentials of the caller, and look at GetObject calls from that account.',
  falsePositives: [
    'Partners and other accounts of the same organization.',
    'Log delivery of older AWS services, which uses accounts of Amazon.',
  ],
})

/** Accounts that the new policy lets in and that do not own the bucket. */
function foreign(event: {
  readonly recipientAccountId?: string | null | undefined
  readonly requestParameters?: unknown
}) {
  const accounts = statementsOf(dig(event.requestParameters, 'bucketPolicy'))
    .filter((statement) => dig(statement, 'Effect') === 'Allow')
    .flatMap((statement) => principalsOf(statement))
    .map((principal) => accountOf(principal))
  return [...new Set(accounts)].filter((account) => account !== undefined && account !== event.recipientAccountId)
}
