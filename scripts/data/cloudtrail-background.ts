import {
  type CloudTrailEvent,
  browser,
  cli,
  event,
  iamUser,
  ingress,
  principalOf,
  role,
  seconds,
  terraform,
} from './cloudtrail.ts'
import type { Random } from './random.ts'
import { type Person, account } from './world.ts'

const agent = 'aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.6 md/GOOS#linux md/GOARCH#amd64 api/cloudwatch#1.44.1'

type Background = (random: Random, time: number, region: string, someone: Person) => CloudTrailEvent

const service = (name: string, principal: string) => role(name, principal, principalOf(name))

/** What an account does all day: monitoring, services that take on roles, people who look at things. */
export const background: readonly (readonly [weight: number, make: Background])[] = [
  [
    26,
    (random, time, region) => {
      const [api, name] = random.pick([
        ['ec2', 'DescribeInstances'],
        ['ec2', 'DescribeVolumes'],
        ['cloudwatch', 'ListMetrics'],
        ['rds', 'DescribeDBInstances'],
        ['elasticloadbalancing', 'DescribeTargetHealth'],
        ['lambda', 'ListFunctions20150331'],
        ['sqs', 'ListQueues'],
      ] as const)
      return event(random, {
        time,
        region,
        service: api,
        name,
        agent,
        ip: random.pick(['10.0.12.41', '10.0.13.90']),
        identity: service('metrics-collector', 'i-0a4f5e21c7b93d860'),
        request:
          name === 'DescribeInstances' ? { maxResults: 1000, instancesSet: {}, filterSet: {} } : { maxResults: 100 },
      })
    },
  ],
  [
    18,
    (random, time, region) => {
      const [host, name] = random.pick([
        ['lambda', 'invoice-render'],
        ['ec2', 'web-tier'],
        ['ecs-tasks', 'payments-api'],
        ['config', 'config-recorder'],
      ] as const)
      const session = random.hex(17)
      return event(random, {
        time,
        region,
        service: 'sts',
        name: 'AssumeRole',
        ip: `${host}.amazonaws.com`,
        agent: `${host}.amazonaws.com`,
        identity: { type: 'AWSService', invokedBy: `${host}.amazonaws.com` },
        request: { roleArn: `arn:aws:iam::${account}:role/${name}`, roleSessionName: session, durationSeconds: 3600 },
        response: {
          credentials: {
            accessKeyId: `ASIA${random.text(9)}EXAMPLE`,
            sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
            expiration: seconds(time + 3_600_000),
          },
          assumedRoleUser: {
            assumedRoleId: `AROA${principalOf(name)}:${session}`,
            arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
          },
        },
        extra: {
          resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${account}:role/${name}` }],
          sharedEventID: random.uuid(),
        },
      })
    },
  ],
  [
    16,
    (random, time, region) =>
      event(random, {
        time,
        region,
        service: 'kms',
        name: random.pick(['Decrypt', 'GenerateDataKey']),
        ip: 'secretsmanager.amazonaws.com',
        agent: 'secretsmanager.amazonaws.com',
        identity: { ...service('payments-api', random.hex(12)), invokedBy: 'secretsmanager.amazonaws.com' },
        request: {
          encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          encryptionContext: {
            SecretARN: `arn:aws:secretsmanager:${region}:${account}:secret:payments/db-Qx7Lm2`,
            SecretVersionId: random.uuid(),
          },
        },
        extra: {
          resources: [
            {
              accountId: account,
              type: 'AWS::KMS::Key',
              ARN: `arn:aws:kms:${region}:${account}:key/0f6c2f5e-93a1-4a34-b0a2-6f1d6f0b7f11`,
            },
          ],
        },
      }),
  ],
  [
    9,
    (random, time, region) => {
      const bucket = random.pick([
        'larkspur-invoices',
        'larkspur-data-lake',
        'larkspur-cloudtrail',
        'larkspur-web-assets',
      ])
      return event(random, {
        time,
        region,
        service: 's3',
        name: random.pick([
          'GetBucketAcl',
          'GetBucketPolicyStatus',
          'GetBucketPublicAccessBlock',
          'GetBucketEncryption',
        ]),
        identity: service('config-recorder', 'AWSConfig-BucketConfigCheck'),
        ip: 'config.amazonaws.com',
        agent: 'config.amazonaws.com',
        request: { bucketName: bucket, Host: `${bucket}.s3.${region}.amazonaws.com` },
        extra: {
          additionalEventData: {
            SignatureVersion: 'SigV4',
            CipherSuite: 'TLS_AES_128_GCM_SHA256',
            bytesTransferredIn: 0,
            AuthenticationMethod: 'AuthHeader',
            'x-amz-id-2': `${random.text(64)}=`,
            bytesTransferredOut: random.integer(200, 900),
          },
        },
      })
    },
  ],
  [
    12,
    (random, time, region, someone) => {
      const [api, name] = random.pick([
        ['s3', 'ListBuckets'],
        ['ec2', 'DescribeSecurityGroups'],
        ['iam', 'ListUsers'],
        ['iam', 'GetAccountSummary'],
        ['logs', 'DescribeLogGroups'],
        ['ce', 'GetCostAndUsage'],
        ['health', 'DescribeEventAggregates'],
      ] as const)
      return event(random, {
        time,
        region,
        service: api,
        name,
        ip: someone.ip,
        agent: browser,
        identity: iamUser(someone.name, principalOf(someone.name), true),
      })
    },
  ],
  [
    6,
    (random, time, region, someone) =>
      event(random, {
        time,
        region,
        service: 'ssm',
        name: 'GetParameters',
        ip: someone.ip,
        agent: cli,
        identity: iamUser(someone.name, principalOf(someone.name), true),
        request: {
          names: [`/payments/${random.pick(['feature-flags', 'endpoints', 'limits'])}`],
          withDecryption: false,
        },
      }),
  ],
  [
    5,
    (random, time, region) =>
      event(random, {
        time,
        region,
        service: 'sts',
        name: 'GetCallerIdentity',
        ip: '198.51.100.42',
        agent: terraform,
        identity: iamUser('ci-deployer', principalOf('ci-deployer')),
      }),
  ],
  [
    4,
    (random, time, region) =>
      event(random, {
        time,
        region,
        service: 'logs',
        name: 'CreateLogStream',
        ip: '10.0.14.7',
        agent: 'aws-sdk-nodejs/3.758.0 lambda',
        readOnly: false,
        identity: service('invoice-render', 'invoice-render'),
        request: { logGroupName: '/aws/lambda/invoice-render', logStreamName: `2026/03/11/[$LATEST]${random.hex(32)}` },
      }),
  ],
  [
    2,
    (random, time, region) =>
      event(random, {
        time,
        region,
        service: 'ec2',
        name: 'AuthorizeSecurityGroupIngress',
        ip: '198.51.100.42',
        agent: terraform,
        readOnly: false,
        identity: iamUser('ci-deployer', principalOf('ci-deployer')),
        request: ingress('sg-0c51f7a2be914d0a3', 8443, '10.0.0.0/8'),
        response: { _return: true },
      }),
  ],
  [
    2,
    (random, time, region, someone) =>
      event(random, {
        time,
        region,
        service: 'ec2',
        name: 'TerminateInstances',
        ip: someone.ip,
        agent: cli,
        readOnly: false,
        identity: iamUser(someone.name, principalOf(someone.name), true),
        error: [
          'Client.UnauthorizedOperation',
          `You are not authorized to perform this operation. User: arn:aws:iam::${account}:user/${someone.name} is not authorized to perform: ec2:TerminateInstances`,
        ],
        request: { instancesSet: { items: [{ instanceId: `i-0${random.hex(16)}` }] } },
      }),
  ],
]
