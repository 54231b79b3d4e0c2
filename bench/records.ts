import { gzipSync } from 'node:zlib'
import { background } from '../scripts/data/cloudtrail-background.ts'
import { type CloudTrailEvent, cli, event, iamUser, principalOf, role } from '../scripts/data/cloudtrail.ts'
import { cloudIncidents } from '../scripts/data/incidents.ts'
import { type Random, createRandom } from '../scripts/data/random.ts'
import { account, day, people } from '../scripts/data/world.ts'

const incidents = cloudIncidents(createRandom(7))

/** How many different records there are before they repeat: enough that no cache holds their texts. */
export const varietyFor = (bytes: number) => Math.min(20_000, Math.ceil(bytes / 1_000))

/** CloudTrail-like records of about 1.5 kB, the same for the same seed. */
export function cloudTrailLines(bytes: number, seed = 1): Uint8Array {
  const random = createRandom(seed)
  return repeatTo(
    bytes,
    Array.from({ length: varietyFor(bytes) }, (_, n) => JSON.stringify(cloudTrailRecord(random, n))),
  )
}

/** The same records as S3 delivery files: gzipped `{"Records":[…]}` with `perFile` records each. */
export function cloudTrailFiles(bytes: number, perFile = 400, seed = 2): { raw: number; files: Uint8Array[] } {
  const random = createRandom(seed)
  const files: Uint8Array[] = []
  let raw = 0
  for (let n = 0; raw < bytes; n += perFile) {
    const records = Array.from({ length: perFile }, (_, index) => cloudTrailRecord(random, n + index))
    const text = JSON.stringify({ Records: records })
    raw += text.length
    files.push(gzipSync(text))
  }
  return { raw, files }
}

/** One record in some hundreds is part of an attack, so that there are hits, alerts and merges to be stored. */
export function cloudTrailRecord(random: Random, n: number): CloudTrailEvent {
  const time = day + n * 100
  if (n % 500 === 499) return incidents[n % incidents.length]!
  return random.chance(0.16)
    ? runInstances(random, time)
    : random.weighted(background)(random, time, 'us-east-1', random.pick(people))
}

/** The large events of an account: what was asked for comes back in full. */
function runInstances(random: Random, time: number): CloudTrailEvent {
  const id = `i-0${random.hex(16)}`
  const tags = [
    { key: 'Name', value: `web-${random.integer(1, 400)}` },
    { key: 'aws:autoscaling:groupName', value: 'web-tier' },
    { key: 'team', value: 'payments' },
  ]
  return event(random, {
    time,
    region: 'us-east-1',
    service: 'ec2',
    name: 'RunInstances',
    readOnly: false,
    ip: 'autoscaling.amazonaws.com',
    agent: random.chance(0.5) ? cli : 'autoscaling.amazonaws.com',
    identity: random.chance(0.5)
      ? { ...iamUser('ci-deployer', principalOf('ci-deployer')), invokedBy: 'autoscaling.amazonaws.com' }
      : role('AWSServiceRoleForAutoScaling', 'AutoScaling', principalOf('AutoScaling')),
    request: {
      instancesSet: { items: [{ minCount: 1, maxCount: 1 }] },
      blockDeviceMapping: {},
      availabilityZone: 'us-east-1b',
      monitoring: { enabled: true },
      disableApiTermination: false,
      clientToken: `fleet-${random.uuid()}-0`,
      subnetId: `subnet-0${random.hex(16)}`,
      tagSpecificationSet: { items: [{ resourceType: 'instance', tags }] },
      launchTemplate: { launchTemplateId: `lt-0${random.hex(16)}`, version: '12' },
    },
    response: {
      requestId: random.uuid(),
      reservationId: `r-0${random.hex(16)}`,
      ownerId: account,
      groupSet: {},
      instancesSet: {
        items: [
          {
            instanceId: id,
            imageId: `ami-0${random.hex(16)}`,
            instanceState: { code: 0, name: 'pending' },
            privateDnsName: `ip-10-0-${random.integer(0, 255)}-${random.integer(0, 255)}.ec2.internal`,
            amiLaunchIndex: 0,
            instanceType: random.pick(['m7g.large', 'c7g.xlarge']),
            launchTime: time,
            placement: { availabilityZone: 'us-east-1b', tenancy: 'default' },
            monitoring: { state: 'pending' },
            vpcId: `vpc-0${random.hex(16)}`,
            architecture: 'arm64',
            rootDeviceType: 'ebs',
            rootDeviceName: '/dev/xvda',
            blockDeviceMapping: {},
            virtualizationType: 'hvm',
            hypervisor: 'xen',
            tagSet: { items: tags },
            groupSet: { items: [{ groupId: `sg-0${random.hex(16)}`, groupName: 'web' }] },
            networkInterfaceSet: {
              items: [
                { networkInterfaceId: `eni-0${random.hex(16)}`, status: 'in-use', macAddress: '0a:ff:c2:1d:40:11' },
              ],
            },
            ebsOptimized: true,
            enaSupport: true,
          },
        ],
      },
      requesterId: principalOf('AutoScaling'),
    },
  })
}

/** Lines, joined and repeated until there are about as many bytes. */
export function repeatTo(bytes: number, lines: readonly string[]): Uint8Array {
  const block = Buffer.from(`${lines.join('\n')}\n`)
  return Buffer.concat(Array.from({ length: Math.max(1, Math.round(bytes / block.length)) }, () => block))
}
