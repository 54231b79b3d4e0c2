import type { Random } from './random.ts'
import { account } from './world.ts'

/** A CloudTrail event as AWS writes it. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export type CloudTrailEvent = Record<string, unknown> & { eventTime: string; awsRegion: string; eventName: string }

export interface Call {
  readonly time: number
  readonly region: string
  readonly identity: Record<string, unknown>
  readonly ip: string
  readonly agent: string
  /** `s3.amazonaws.com` is written `s3`. */
  readonly service: string
  readonly name: string
  readonly request?: unknown
  readonly response?: unknown
  readonly readOnly?: boolean
  readonly error?: readonly [code: string, message: string]
  readonly extra?: Record<string, unknown>
}

const tls = (host: string) => ({
  tlsVersion: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  clientProvidedHostHeader: host,
})

export const seconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`

/** One event. AWS leaves out what does not apply and writes null for empty requests and responses. */
export function event(random: Random, call: Call): CloudTrailEvent {
  const { service, region } = call
  return {
    eventVersion: '1.11',
    userIdentity: call.identity,
    eventTime: seconds(call.time),
    eventSource: `${service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: call.ip,
    userAgent: call.agent,
    ...(call.error && { errorCode: call.error[0], errorMessage: call.error[1] }),
    requestParameters: call.request ?? null,
    responseElements: call.response ?? null,
    requestID: service === 's3' ? random.text(16) : random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly ?? true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...(!call.ip.endsWith('.amazonaws.com') && { tlsDetails: tls(`${service}.${region}.amazonaws.com`) }),
    ...call.extra,
  }
}

/** A user with long-lived keys. Key ids end in EXAMPLE, as in AWS' documentation, so that no scanner takes them for real. */
export function iamUser(name: string, principal: string, mfa?: boolean): Record<string, unknown> {
  return {
    type: 'IAMUser',
    principalId: `AIDA${principal}`,
    arn: `arn:aws:iam::${account}:user/${name}`,
    accountId: account,
    accessKeyId: `${mfa === undefined ? 'AKIA' : 'ASIA'}${principal.slice(0, 9)}EXAMPLE`,
    userName: name,
    ...(mfa !== undefined && {
      sessionContext: { attributes: { creationDate: '2026-03-11T06:58:12Z', mfaAuthenticated: String(mfa) } },
    }),
  }
}

/** A role somebody or something took on. */
export function role(name: string, session: string, principal: string): Record<string, unknown> {
  return {
    type: 'AssumedRole',
    principalId: `AROA${principal}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    accountId: account,
    accessKeyId: `ASIA${principal.slice(0, 9)}EXAMPLE`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${principal}`,
        arn: `arn:aws:iam::${account}:role/${name}`,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate: '2026-03-11T00:02:41Z', mfaAuthenticated: 'false' },
    },
  }
}

/** The account's root user. */
export const root = {
  type: 'Root',
  principalId: account,
  arn: `arn:aws:iam::${account}:root`,
  accountId: account,
  accessKeyId: '',
}

/** A sign-in at the web console. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
export function consoleLogin(
  random: Random,
  login: { time: number; identity: Record<string, unknown>; ip: string; mfa: boolean; success?: boolean },
): CloudTrailEvent {
  const success = login.success ?? true
  return event(random, {
    time: login.time,
    region: 'us-east-1',
    identity: login.identity,
    ip: login.ip,
    agent: browser,
    service: 'signin',
    name: 'ConsoleLogin',
    response: { ConsoleLogin: success ? 'Success' : 'Failure' },
    readOnly: false,
    extra: {
      ...(!success && { errorMessage: 'Failed authentication' }),
      eventType: 'AwsConsoleSignIn',
      additionalEventData: {
        LoginTo: 'https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true',
        MobileVersion: 'No',
        MFAUsed: login.mfa ? 'Yes' : 'No',
      },
    },
  })
}

export const browser =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36'
export const cli =
  'aws-cli/2.24.11 md/awscrt#0.23.8 ua/2.1 os/linux#6.8.0-1021-aws md/arch#x86_64 lang/python#3.12.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe'
export const terraform =
  'APN/1.0 HashiCorp/1.0 Terraform/1.11.1 (+https://www.terraform.io) terraform-provider-aws/5.90.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.6 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.208.0'

/** The same principal id for a name on every run. */
export function principalOf(name: string): string {
  let hash = 2166136261
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0
  const letters = hash
    .toString(36)
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, 'Q')
  return `${letters}LARKSPURXYZABCDEF`.slice(0, 17)
}

/** The request that opens a port of a security group to a network. */
export const ingress = (groupId: string, port: number, cidrIp: string) => ({
  groupId,
  ipPermissions: {
    items: [
      {
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        groups: {},
        ipRanges: { items: [{ cidrIp }] },
        ipv6Ranges: {},
        prefixListIds: {},
      },
    ],
  },
})
