import {
  type CloudTrailEvent,
  browser,
  cli,
  consoleLogin,
  event,
  iamUser,
  ingress,
  principalOf,
  role,
  root,
  terraform,
} from './cloudtrail.ts'
import type { Random } from './random.ts'
import { account, at, attackers, people, person } from './world.ts'

const region = 'us-east-1'
const known = (name: string, mfa?: boolean) => iamUser(name, principalOf(name), mfa)

/** What happens in the account that day beside its usual business: attacks, mistakes, and things that only look like them. */
export function cloudIncidents(random: Random): CloudTrailEvent[] {
  return [...stolenKey(random), ...logins(random), ...lookAlikes(random)]
}

/** The key of the deployment user is used from elsewhere: look around, stay, go blind, take the data. */
function stolenKey(random: Random): CloudTrailEvent[] {
  const call = (clock: string, service: string, name: string, rest: object = {}) =>
    event(random, {
      time: at(clock),
      region,
      identity: known('ci-deployer'),
      ip: attackers.cloud,
      agent: cli,
      service,
      name,
      readOnly: false,
      ...rest,
    })
  const invoices = { bucketName: 'larkspur-invoices', Host: 'larkspur-invoices.s3.us-east-1.amazonaws.com' }
  return [
    call('03:18:04', 'sts', 'GetCallerIdentity', { readOnly: true }),
    call('03:18:31', 'iam', 'ListUsers', { readOnly: true }),
    call('03:19:02', 'iam', 'ListAttachedUserPolicies', { readOnly: true, request: { userName: 'backup-service' } }),
    call('03:20:15', 'iam', 'CreateUser', {
      request: { userName: 'administrator2' },
      error: [
        'AccessDenied',
        `User: arn:aws:iam::${account}:user/ci-deployer is not authorized to perform: iam:CreateUser`,
      ],
    }),
    call('03:24:47', 'iam', 'CreateAccessKey', {
      request: { userName: 'backup-service' },
      response: {
        accessKey: {
          userName: 'backup-service',
          accessKeyId: 'AKIABACKUPSVCEXAMPLE',
          status: 'Active',
          createDate: 'Mar 11, 2026, 3:24:47 AM',
        },
      },
    }),
    call('03:31:10', 'ec2', 'AuthorizeSecurityGroupIngress', {
      request: ingress('sg-0c51f7a2be914d0a3', 22, '0.0.0.0/0'),
      response: { _return: true },
    }),
    call('03:31:42', 'ec2', 'AuthorizeSecurityGroupIngress', {
      request: ingress('sg-0c51f7a2be914d0a3', 3389, '0.0.0.0/0'),
      response: { _return: true },
    }),
    call('03:32:20', 'ec2', 'AuthorizeSecurityGroupIngress', {
      request: ingress('sg-0d9e44b1c6270f815', 5432, '0.0.0.0/0'),
      response: { _return: true },
    }),
    call('03:36:55', 'cloudtrail', 'StopLogging', {
      request: { name: `arn:aws:cloudtrail:us-east-1:${account}:trail/organisation` },
    }),
    call('03:40:13', 's3', 'DeleteBucketPublicAccessBlock', { request: { ...invoices, publicAccessBlock: '' } }),
    call('03:41:30', 's3', 'PutBucketPolicy', {
      request: {
        ...invoices,
        policy: '',
        bucketPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'web',
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:::larkspur-invoices/*',
            },
          ],
        },
      },
    }),
    call('03:43:02', 's3', 'PutBucketAcl', {
      request: {
        bucketName: 'larkspur-data-lake',
        'x-amz-acl': 'public-read',
        acl: '',
        Host: 'larkspur-data-lake.s3.us-east-1.amazonaws.com',
      },
    }),
  ]
}

/** Everybody signs in with a second factor, but for one; and the root user, who never should. */
function logins(random: Random): CloudTrailEvent[] {
  const signIn = (clock: string, name: string, mfa: boolean, success = true) =>
    consoleLogin(random, {
      time: at(clock),
      identity: { ...known(name), accessKeyId: '' },
      ip: person(name).ip,
      mfa,
      success,
    })
  return [
    ...people.map((someone, n) =>
      signIn(`0${7 + (n % 3)}:${12 + n * 5}`, someone.name, someone.name !== 'owen.clarke'),
    ),
    signIn('09:01:10', 'owen.clarke', false, false),
    signIn('16:20:41', 'owen.clarke', false),
    consoleLogin(random, { time: at('11:15:26'), identity: root, ip: attackers.cloud, mfa: true }),
    consoleLogin(random, { time: at('11:13:58'), identity: root, ip: attackers.cloud, mfa: true, success: false }),
    // Single sign-on asks for its second factor elsewhere: AWS then says MFAUsed=No.
    consoleLogin(random, {
      time: at('10:02:11'),
      identity: role('AWSReservedSSO_ReadOnly_4f1c', 'hana.kato@larkspur.example', principalOf('sso')),
      ip: person('hana.kato').ip,
      mfa: false,
    }),
  ]
}

/** Near misses: each looks like one of the incidents to a rule that looks less closely. */
function lookAlikes(random: Random): CloudTrailEvent[] {
  const assets = { bucketName: 'larkspur-web-assets', Host: 'larkspur-web-assets.s3.us-east-1.amazonaws.com' }
  return [
    event(random, {
      time: at('09:40:19'),
      region,
      identity: known('mateo.silva', true),
      ip: person('mateo.silva').ip,
      agent: browser,
      service: 'iam',
      name: 'CreateAccessKey',
      readOnly: false,
      request: { userName: 'mateo.silva' },
      response: {
        accessKey: {
          userName: 'mateo.silva',
          accessKeyId: 'AKIAMATEOSILVEXAMPLE',
          status: 'Active',
          createDate: 'Mar 11, 2026, 9:40:19 AM',
        },
      },
    }),
    event(random, {
      time: at('13:22:08'),
      region,
      identity: known('ci-deployer'),
      ip: '198.51.100.42',
      agent: terraform,
      service: 's3',
      name: 'PutBucketPolicy',
      readOnly: false,
      request: {
        ...assets,
        policy: '',
        bucketPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:::larkspur-web-assets/*',
            },
          ],
        },
      },
    }),
    event(random, {
      time: at('13:24:50'),
      region,
      identity: known('ci-deployer'),
      ip: '198.51.100.42',
      agent: terraform,
      service: 'ec2',
      name: 'AuthorizeSecurityGroupIngress',
      readOnly: false,
      request: ingress('sg-07b3f1d2c9e8a6540', 443, '0.0.0.0/0'),
      response: { _return: true },
    }),
    event(random, {
      time: at('15:03:33'),
      region,
      identity: known('owen.clarke', false),
      ip: person('owen.clarke').ip,
      agent: cli,
      service: 'cloudtrail',
      name: 'StopLogging',
      readOnly: false,
      request: { name: 'organisation' },
      error: [
        'AccessDenied',
        `User: arn:aws:iam::${account}:user/owen.clarke is not authorized to perform: cloudtrail:StopLogging`,
      ],
    }),
  ]
}
