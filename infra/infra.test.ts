import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { schemas } from '../schemas/index.ts'
import { awsConfig } from '../src/project/aws/config.ts'
import { toTfvars, type Variables } from '../src/project/aws/index.ts'
import { loadProject } from '../src/project/index.ts'
import { deliveryStreamName } from '../src/project/aws/delivery-streams.ts'
import { parse } from 'yaml'
import { violations } from './checks/invariants.ts'
import { unheard } from './checks/metrics.ts'
import { namesIn, wrongNames } from './checks/names.ts'
import { declaredIn, leftOut, namesIn as variablesIn } from './checks/variables.ts'
import { decide, type Policy } from './offline/evaluate-policy.ts'
import { type Planned, type Tested, testAll } from './offline/plans.ts'
import { hasTerraform, type OfflineTerraform, startOffline } from './offline/terraform.ts'

const configurations = ['smallest', 'clusters', 'everything', 'existing', 'firehose'] as const
const folder = (name: string) => join(import.meta.dirname, 'tests', name)
const textOf = (name: string, file: string) => readFileSync(join(folder(name), file), 'utf8')
const zip = 'tests/function.txt'
const names = ['carbonblack:ingress.event.tamper', 'cloudwatch:events', 'osquery:differential']
const kept = schemas.filter(({ name }) => names.includes(name))

describe('variables', () => {
  test.each(configurations)('%s: they are what build writes', async (name) => {
    const packages = { ingest: zip, dispatch: zip, ...(name !== 'smallest' && { compact: zip, api: zip }) }
    const { variables, problems } = toTfvars(await loadProject(folder(name)), kept, packages)
    expect(problems).toEqual([])
    // `npx vitest run infra -u` writes them.
    await expect(`${JSON.stringify(variables, undefined, 2)}\n`).toMatchFileSnapshot(
      join(folder(name), 'variables.json'),
    )
  })

  test('everything leaves no option of the section aws out, and no variable of Terraform', () => {
    const { aws } = parse(textOf('everything', 'streamalert.yaml')) as { aws: unknown }
    expect(leftOut(z.toJSONSchema(awsConfig, { io: 'input', unrepresentable: 'any' }) as object, [aws])).toEqual([])
    const { names, maps } = declaredIn(readFileSync(join(import.meta.dirname, 'variables.tf'), 'utf8'))
    const given = new Set(variablesIn(JSON.parse(textOf('everything', 'variables.json')), maps))
    expect([...given].toSorted()).toEqual([...names].toSorted())
    const runs = readFileSync(join(import.meta.dirname, 'tests/plans.tftest.hcl'), 'utf8')
    for (const name of Object.keys(JSON.parse(textOf('everything', 'variables.json')) as object))
      expect(runs).toContain(`"tests/everything/variables.json")).${name}\n`)
  })
})

test('the version of the provider is the one whose arguments are known here', () => {
  const [, version] = /^ +version = "(\d+\.\d+\.\d+)"$/m.exec(
    readFileSync(join(import.meta.dirname, 'versions.tf'), 'utf8'),
  )!
  expect(readFileSync(join(import.meta.dirname, 'offline/NOTICE'), 'utf8')).toContain(`version ${version} of`)
})

const present = hasTerraform()
if (!present) process.stderr.write('terraform is not installed: infra/ is not checked.\n')

/** Plans take a dozen seconds: CI makes them, and whoever asks for them. */
const deep = process.env['STREAMALERT_AWS'] === '1'

describe.runIf(present && deep)('plans', { timeout: 120_000 }, () => {
  let terraform: OfflineTerraform
  let tested: Tested
  beforeAll(async () => {
    terraform = await startOffline()
    tested = await testAll(terraform)
  }, 120_000)
  afterAll(() => terraform[Symbol.asyncDispose]())
  const plan = (name: string): readonly Planned[] => tested.plans.get(name) ?? []

  test('terraform test: all configurations are planned, and what is said of each holds', () => {
    expect(tested.failures).toEqual([])
    for (const name of configurations) expect(plan(name).length).toBeGreaterThan(40)
  })

  test.each(configurations)('%s: what must hold for every resource holds', (name) => {
    const given = JSON.parse(textOf(name, 'variables.json')) as Variables
    const { deletion_protection: keeps, reserve_concurrency: reserves, log_days: logDays } = given
    expect(violations({ all: plan(name), keeps, reserves, logDays })).toEqual([])
  })

  test.each(configurations)('%s: names are bounded and begin with the prefix', (name) => {
    expect(wrongNames(plan(name), name === 'everything' ? 'second' : 'acme')).toEqual([])
  })

  test('two deployments in one account share no name', () => {
    const first = new Set(namesIn(plan('clusters')))
    expect(first.size).toBeGreaterThan(40)
    expect(namesIn(plan('everything')).filter((name) => first.has(name))).toEqual([])
  })

  test.each(configurations)('%s: alarms and dashboard look at what somebody counts', (name) => {
    expect(unheard(plan(name))).toEqual([])
  })

  test('what Lambda gives up has a bucket, and an alarm, where it gives anything up', () => {
    const of = (name: string) =>
      plan(name).flatMap(({ address, values: { alarm_name: alarm, bucket } }) =>
        String(alarm).endsWith('-not-kept') ||
        (address.includes('module.failed') && address.endsWith('.aws_s3_bucket.this'))
          ? [String(alarm ?? bucket)]
          : [],
      )
    expect(of('smallest')).toEqual([])
    expect(of('clusters').toSorted()).toEqual([
      ...['acme-pci-failed-123456789012', 'acme-pci-ingest-not-kept'],
      ...['acme-prod-failed-123456789012', 'acme-prod-ingest-not-kept'],
    ])
  })

  describe('keys, buckets, streams and topics', () => {
    const at = 'eu-central-1:123456789012'
    const stream = `arn:aws:kinesis:${at}:stream/second-prod-logs`
    const bucket = 'arn:aws:s3:::second-prod-trail-123456789012'
    const policyOf = (address: string, from = 'everything') => {
      const { values } = plan(from).find((one) => one.address === address)!
      return JSON.parse(String(values['policy'])) as Policy
    }
    const dataKey = (from?: string) => policyOf('module.data_key.aws_kms_key.this', from)
    const by = (principal: string, action: string, context: Readonly<Record<string, string>>, resource = 'key') => ({
      ...{ principal, action, resource },
      context: { 'aws:SecureTransport': 'true', ...context },
    })
    const via = (service: string) => ({ 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` })
    const writer = 'arn:aws:iam::210987654321:root'

    test('an account that is named may write into what is made, encrypted as it has to be', () => {
      const into = policyOf('module.cluster["prod"].aws_kinesis_resource_policy.this["logs"]')
      expect(decide(into, by(writer, 'kinesis:PutRecords', {}, stream))).toBe('allow')
      const put = by(writer, 's3:PutObject', {}, `${bucket}/x`)
      expect(decide(policyOf('module.cluster["prod"].module.bucket["trail"].aws_s3_bucket_policy.this'), put)).toBe(
        'allow',
      )
      const inStream = { ...via('kinesis'), 'kms:EncryptionContext:aws:kinesis:arn': stream }
      const inBucket = { ...via('s3'), 'kms:EncryptionContext:aws:s3:arn': bucket }
      expect(decide(dataKey(), by(writer, 'kms:GenerateDataKey', inStream))).toBe('allow')
      expect(decide(dataKey(), by(writer, 'kms:GenerateDataKey', inBucket))).toBe('allow')
      // The parts of a large object.
      expect(decide(dataKey(), by(writer, 'kms:Decrypt', inBucket))).toBe('allow')
    })

    test('it may do nothing else, and others may not even that', () => {
      const into = policyOf('module.cluster["prod"].aws_kinesis_resource_policy.this["logs"]')
      for (const action of ['kinesis:GetRecords', 'kinesis:DeleteStream'])
        expect(decide(into, by(writer, action, {}, stream))).toBe('none')
      const objects = policyOf('module.cluster["prod"].module.bucket["trail"].aws_s3_bucket_policy.this')
      for (const action of ['s3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl'])
        expect(decide(objects, by(writer, action, {}, `${bucket}/x`))).toBe('none')
      const inStream = { ...via('kinesis'), 'kms:EncryptionContext:aws:kinesis:arn': stream }
      const inLake = { ...via('s3'), 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::second-lake-123456789012' }
      expect(decide(dataKey(), by(writer, 'kms:Decrypt', inStream))).toBe('none')
      expect(decide(dataKey(), by(writer, 'kms:GenerateDataKey', inLake))).toBe('none')
      expect(decide(dataKey(), by('arn:aws:iam::310987654321:root', 'kms:GenerateDataKey', inStream))).toBe('none')
      expect(decide(dataKey('clusters'), by(writer, 'kms:GenerateDataKey', inStream))).toBe('none')
    })

    test('a service that is named writes into its bucket, in the name of accounts that may', () => {
      const objects = policyOf('module.cluster["prod"].module.bucket["trail"].aws_s3_bucket_policy.this')
      const trail = (account: string, service = 'service:cloudtrail.amazonaws.com') => {
        const context = { 'aws:SourceAccount': account, 'kms:EncryptionContext:aws:s3:arn': bucket }
        return [
          decide(objects, by(service, 's3:PutObject', context, `${bucket}/AWSLogs/x`)),
          decide(objects, by(service, 's3:GetBucketAcl', context, bucket)),
          decide(dataKey(), by(service, 'kms:GenerateDataKey', context)),
        ]
      }
      expect(trail('123456789012')).toEqual(['allow', 'allow', 'allow'])
      expect(trail('210987654321')).toEqual(['allow', 'allow', 'allow'])
      expect(trail('310987654321')).toEqual(['none', 'none', 'none'])
      expect(trail('123456789012', 'service:config.amazonaws.com')).toEqual(['none', 'none', 'none'])
    })

    test('services use the key for what is ours or was named, and for nobody else', () => {
      const use = (service: string, source: string) =>
        decide(dataKey('existing'), by(`service:${service}`, 'kms:GenerateDataKey', { 'aws:SourceArn': source }))
      expect(use('s3.amazonaws.com', 'arn:aws:s3:::old')).toBe('allow')
      expect(use('s3.amazonaws.com', 'arn:aws:s3:::else')).toBe('none')
      // A topic of another account that was named.
      expect(use('sns.amazonaws.com', 'arn:aws:sns:eu-central-1:210987654321:trail')).toBe('allow')
      expect(use('sns.amazonaws.com', 'arn:aws:sns:eu-central-1:210987654321:else')).toBe('none')
      expect(use('cloudwatch.amazonaws.com', `arn:aws:cloudwatch:${at}:alarm:acme-prod-silent`)).toBe('allow')
      expect(use('cloudwatch.amazonaws.com', `arn:aws:cloudwatch:${at}:alarm:else`)).toBe('none')
    })

    test('the key of secrets serves these secrets, which dispatch alone may read', () => {
      const key = policyOf('module.secrets.module.key.aws_kms_key.this', 'clusters')
      const root = 'arn:aws:iam::123456789012:root'
      const secret = (name: string) => `arn:aws:secretsmanager:${at}:secret:${name}-abcdef`
      const of = (name: string) => ({ ...via('secretsmanager'), 'kms:EncryptionContext:SecretARN': secret(name) })
      expect(decide(key, by(root, 'kms:Decrypt', of('acme/outputs/SLACK_URL')))).toBe('allow')
      expect(decide(key, by(root, 'kms:Decrypt', of('another')))).toBe('none')
      const policy = policyOf('module.secrets.aws_secretsmanager_secret_policy.output["SLACK_URL"]', 'clusters')
      const read = (role: string) => {
        const arn = `arn:aws:iam::123456789012:role/${role}`
        return decide(policy, by(arn, 'secretsmanager:GetSecretValue', { 'aws:PrincipalArn': arn }, 'secret'))
      }
      expect(['acme-prod-dispatch', 'acme-pci-dispatch'].map(read)).toEqual(['none', 'none'])
      expect(['admin', 'acme-prod-ingest', 'second-prod-dispatch'].map(read)).toEqual(['deny', 'deny', 'deny'])
    })

    test('alarms alone may speak on their topic, by TLS', () => {
      const policy = policyOf('module.monitoring.aws_sns_topic_policy.alarms[0]', 'clusters')
      const topic = `arn:aws:sns:${at}:acme-alarms`
      const from = (source: string) =>
        by('service:cloudwatch.amazonaws.com', 'sns:Publish', { 'aws:SourceArn': source }, topic)
      expect(decide(policy, from(`arn:aws:cloudwatch:${at}:alarm:acme-prod-silent`))).toBe('allow')
      expect(decide(policy, from('arn:aws:cloudwatch:eu-central-1:210987654321:alarm:acme-prod-silent'))).toBe('none')
      expect(decide(policy, by(writer, 'sns:Publish', { 'aws:SecureTransport': 'false' }, topic))).toBe('deny')
    })
  })

  test('delivery streams are named as the function that reads names them, and are there where they are chosen', () => {
    const type = 'aws_kinesis_firehose_delivery_stream'
    const streams = configurations.flatMap((name) => plan(name).filter((one) => one.type === type))
    const expected = ['pci', 'prod'].flatMap((cluster) =>
      names.map((name) => deliveryStreamName({ prefix: 'acme', cluster }, name)),
    )
    expect(new Set(expected).size).toBe(6)
    expect(streams.map(({ values }) => String(values['name'])).toSorted()).toEqual(expected.toSorted())
  })

  test.each(['everything', 'firehose'])(
    '%s hangs on nothing that AWS decides: it can be planned where no ARN is known',
    async (name) => {
      const { stderr } = await terraform.runUnforeseen('plan', `-var-file=tests/${name}/variables.json`)
      expect(stderr).toBe('')
    },
  )
})

describe.runIf(present)('infrastructure', { timeout: 120_000 }, () => {
  test('arguments that are misspelt, missing, of a wrong type or for AWS to give, and unknown blocks are found', async () => {
    await using terraform = await startOffline()
    for (const [file, before, after] of mistakes) {
      const path = join(terraform.dir, file)
      const right = readFileSync(path, 'utf8')
      expect(right).toContain(before)
      writeFileSync(path, right.replace(before, after))
    }
    const { stdout } = await terraform.run('validate', '-json')
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { summary: string; range: { filename: string } }[] }
    // What nobody broke is right.
    const found = diagnostics.map(({ summary, range }) => `${range.filename}: ${summary}`)
    expect([...new Set(found)].toSorted()).toEqual(mistakes.map(([file, , , says]) => `${file}: ${says}`).toSorted())
  })
})

/** None in what others hang on: Terraform tells of all at once. */
const mistakes = [
  ['modules/bucket/main.tf', 'block_public_acls ', 'block_public_acl ', 'Unsupported argument'],
  ['modules/bucket/main.tf', 'object_ownership = "BucketOwnerEnforced"', '', 'Missing required argument'],
  ['modules/bucket/main.tf', 'noncurrent_days = 30', 'noncurrent_days = "thirty"', 'Incorrect attribute value type'],
  ['modules/bucket/main.tf', 'abort_incomplete_multipart_upload {', 'abort_upload {', 'Unsupported block type'],
  [
    'modules/lake/main.tf',
    'name = local.database\n',
    'name = local.database\n  arn = "mine"\n',
    'Value for unconfigurable attribute',
  ],
] as const
