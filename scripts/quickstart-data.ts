/**
 * Writes examples/quickstart/logs: one day of the made-up company Larkspur, the same bytes on every run.
 *
 *   node scripts/quickstart-data.ts [folder]
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { background } from './data/cloudtrail-background.ts'
import type { CloudTrailEvent } from './data/cloudtrail.ts'
import { cloudIncidents } from './data/incidents.ts'
import { firewallLines, vpnLines } from './data/office.ts'
import { osqueryRows } from './data/osquery.ts'
import { type Random, createRandom } from './data/random.ts'
import { sshdLines } from './data/sshd.ts'
import { account, moments, people } from './data/world.ts'

/** A generated file: its path below `logs`, and its text before compression. */
export interface LogFile {
  readonly path: string
  readonly text: string
}

/** All files of the example. */
export function quickstartLogs(): LogFile[] {
  return [
    ...cloudTrailFiles(createRandom(1)),
    {
      path: 'prod/auth.log',
      text: lines(
        withOddLine(
          sshdLines(createRandom(2)).map((line) => line.text),
          300,
          '-- MARK --',
        ),
      ),
    },
    {
      path: 'pci/osquery/osqueryd.results.log',
      text: lines(
        withCutLine(
          osqueryRows(createRandom(3)).map((row) => JSON.stringify(row)),
          412,
        ),
      ),
    },
    {
      path: 'office/firewall.log',
      text: lines(
        withOddLine(
          firewallLines(createRandom(4)).map((line) => line.text),
          205,
          'fw-office-1: entering failover, log buffer lost',
        ),
      ),
    },
    {
      path: 'office/vpn.csv',
      text: lines([
        'time,user,source_ip,country,device,result,reason',
        ...withCutLine(
          vpnLines(createRandom(5)).map((line) => line.text),
          77,
        ),
      ]),
    },
  ]
}

const lines = (all: readonly string[]) => `${all.join('\n')}\n`

/** A program was killed while it wrote: the line ends in its middle. */
const withCutLine = (all: readonly string[], index: number) =>
  all.map((line, n) => (n === index ? line.slice(0, Math.floor(line.length / 3)) : line))

const withOddLine = (all: readonly string[], index: number, line: string) => [
  ...all.slice(0, index),
  line,
  ...all.slice(index),
]

/**
 * CloudTrail delivers a gzipped document per region every few minutes; here one each hour.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
function cloudTrailFiles(random: Random): LogFile[] {
  const usual = moments(random, 1250).map((time) => {
    const region = random.weighted([
      [4, 'us-east-1'],
      [1, 'eu-west-1'],
    ])
    return random.weighted(background)(random, time, region, random.pick(people))
  })
  const files = new Map<string, CloudTrailEvent[]>()
  for (const one of [...usual, ...cloudIncidents(random)].sort((a, b) => a.eventTime.localeCompare(b.eventTime))) {
    const key = `${one.awsRegion}T${one.eventTime.slice(11, 13)}`
    files.set(key, [...(files.get(key) ?? []), one])
  }
  return [...files].map(([key, events]) => {
    const [region, hour] = key.split('T') as [string, string]
    const name = `${account}_CloudTrail_${region}_20260311T${hour}55Z_${random.text(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}.json.gz`
    return {
      path: `prod/cloudtrail/AWSLogs/${account}/CloudTrail/${region}/2026/03/11/${name}`,
      text: JSON.stringify({ Records: events }),
    }
  })
}

async function write(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const { path, text } of quickstartLogs()) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, path.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text)
  }
}

if (import.meta.main) await write(process.argv[2] ?? join(import.meta.dirname, '../examples/quickstart/logs'))
