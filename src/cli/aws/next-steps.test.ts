import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Variables } from '../../project/aws/index.ts'
import { nextSteps } from './next-steps.ts'

const variablesOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../infra/tests/${name}/variables.json`, import.meta.url), 'utf8')) as Variables
const account = '123456789012'
const dataKey = `arn:aws:kms:eu-central-1:${account}:key/data`

test('what nobody else can do is told: secrets, confirmations, and what others must allow', () => {
  expect(nextSteps({ account, dataKey, variables: variablesOf('smallest') })).toEqual([])
  expect(nextSteps({ account, dataKey, variables: variablesOf('clusters') })).toEqual([
    'Give each secret its value, once:\n  streamalert secret set SLACK_URL --aws',
    'Confirm the e-mail that AWS sends to security@example.com: no alarm is sent there before.',
    `Add to the notifications of these buckets, beside those that are there (s3:ObjectCreated:*):\n  arn:aws:s3:::old → arn:aws:sqs:eu-central-1:${account}:acme-pci-objects`,
    `See it work:\n  aws s3 cp FILE s3://acme-prod-trail-${account}/try/`,
  ])
  expect(nextSteps({ account, dataKey, variables: variablesOf('existing') })).toEqual([
    `Add to the notifications of these buckets, beside those that are there (s3:ObjectCreated:*):\n  arn:aws:s3:::old → arn:aws:sqs:eu-central-1:${account}:acme-prod-objects`,
    `Topics of other accounts must allow, each by its own policy:\n  arn:aws:sns:eu-central-1:210987654321:trail: sns:Subscribe for account ${account}, whose queue is arn:aws:sqs:eu-central-1:${account}:acme-prod-objects`,
    [
      'Keys that are there must allow, unless they leave it to IAM:',
      ...['apps', 'old', 'findings'].map(
        (key) =>
          `arn:aws:kms:eu-central-1:${account}:key/${key}: kms:Decrypt for arn:aws:iam::${account}:role/acme-prod-ingest`,
      ),
    ].join('\n  '),
  ])
  const elsewhere = variablesOf('smallest')
  const arn = 'arn:aws:sqs:eu-central-1:210987654321:findings'
  const withQueue = { ...elsewhere.clusters['prod']!, existing_queues: { findings: { arn } } }
  expect(nextSteps({ account, dataKey, variables: { ...elsewhere, clusters: { prod: withQueue } } })).toEqual([
    `Streams and queues of other accounts must allow, each by its own policy:\n  ${arn}: reading by arn:aws:iam::${account}:role/acme-prod-ingest`,
  ])
  const everything = nextSteps({ account, dataKey, variables: variablesOf('everything') })
  expect(everything).toContain(
    `Roles that outputs take on must trust:\n  arn:aws:iam::310987654321:role/alerts: arn:aws:iam::${account}:role/second-prod-dispatch`,
  )
  expect(everything).toContain(
    `Who writes from another account needs, of its own, kms:GenerateDataKey on ${dataKey}, and:\n  account 210987654321: kinesis:PutRecords on second-prod-logs\n  account 210987654321: s3:PutObject on second-prod-trail-${account}`,
  )
  expect(everything.join('\n')).not.toContain('Confirm the e-mail')
})
