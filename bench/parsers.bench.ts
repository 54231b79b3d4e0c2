/**
 * Throughput of each parser on lines of its format, in MB per second of processor time, and as a ratio to `JSON.parse` of
 * CloudTrail-like lines in the same run.
 *
 *   node bench/parsers.bench.ts          writes bench/results/parsers.json
 */
import { writeFileSync } from 'node:fs'
import type { ParserUse } from '../src/core/contracts/index.ts'
import { cef, csv, json, keyValue, leef, logfmt, pattern, syslog, w3c } from '../src/parsers/index.ts'
import { machine, measure, median, ratio } from './measure.ts'

interface Format {
  readonly name: string
  readonly use: ParserUse
  readonly line: (index: number) => string
  readonly firstLine?: string
}

const ip = (index: number) => `10.${index % 256}.${(index >> 8) % 256}.${(index * 7) % 256}`
const time = (index: number) => `2023-07-10T11:${String(index % 60).padStart(2, '0')}:00.123456Z`
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Safari/537.36'

const cloudtrail = (index: number) =>
  JSON.stringify({
    eventVersion: '1.08',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE${index}:session`,
      arn: `arn:aws:sts::111122223333:assumed-role/deploy/session-${index}`,
      accountId: '111122223333',
      sessionContext: { attributes: { creationDate: time(index), mfaAuthenticated: 'false' } },
    },
    eventTime: time(index),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetBucketAcl',
    awsRegion: 'us-east-1',
    sourceIPAddress: ip(index),
    userAgent: agent,
    requestParameters: { bucketName: `example-bucket-${index % 50}`, Host: 's3.amazonaws.com' },
    responseElements: null,
    requestID: `${index}-0000-1111`,
    eventID: `${index}-aaaa-bbbb`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
  })

const sshMessage = (index: number) =>
  `Failed password for invalid user admin${index} from ${ip(index)} port ${1024 + (index % 60000)} ssh2`
const cefLine = (index: number) =>
  `CEF:0|Example|Firewall|7.1|100|connection blocked|5|src=${ip(index)} dst=192.0.2.10 spt=${index % 65536} dpt=443 act=blocked msg=not allowed by policy ${index} cs1Label=Policy cs1=office default`

const formats: readonly Format[] = [
  { name: 'json', use: json(), line: cloudtrail },
  {
    name: 'json, path Records[*]',
    use: json({ path: 'Records[*]' }),
    line: (index) => `{"Records":[${cloudtrail(index)},${cloudtrail(index + 1)}]}`,
  },
  {
    name: 'json inside a syslog line',
    use: json({ prefix: true }),
    line: (index) => `Jul 10 11:45:00 host app[${index}]: ${cloudtrail(index)}`,
  },
  {
    name: 'csv, plain',
    use: csv({ columns: ['time', 'src', 'dst', 'sport', 'dport', 'user', 'action', 'bytes'] }),
    line: (index) => `${time(index)},${ip(index)},192.0.2.10,${index},443,user${index},allow,${index * 3}`,
  },
  {
    name: 'csv, quoted',
    use: csv({ columns: ['time', 'src', 'dst', 'sport', 'dport', 'user', 'action', 'note'] }),
    line: (index) => `"${time(index)}","${ip(index)}",192.0.2.10,${index},443,"user ""${index}""",allow,"one, two"`,
  },
  {
    name: 'w3c',
    use: w3c(),
    firstLine:
      '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) sc-status time-taken',
    line: (index) =>
      `2023-07-10 11:45:00 192.0.2.1 GET /index.html id=${index} 443 ${ip(index)} Mozilla/5.0+(Windows) 200 ${index % 900}`,
  },
  {
    name: 'key-value',
    use: keyValue(),
    line: (index) =>
      `date=2023-07-10 time=11:45:00 devname="fw-1" srcip=${ip(index)} srcport=${index} dstip=192.0.2.10 dstport=443 action="accept" policyid=${index % 40} dstcountry="New Zealand" sentbyte=${index * 3} rcvdbyte=${index}`,
  },
  {
    name: 'logfmt',
    use: logfmt(),
    line: (index) =>
      `ts=${time(index)} level=info caller=main.go:${index} msg="request served" path=/api/v1/items status=200 user=u${index} dur=1.${index}ms`,
  },
  {
    name: 'syslog, RFC 3164',
    use: syslog(),
    line: (index) => `<38>Jul 10 11:45:00 bastion-1 sshd[${index}]: ${sshMessage(index)}`,
  },
  {
    name: 'syslog, RFC 5424',
    use: syslog(),
    line: (index) =>
      `<38>1 ${time(index)} bastion-1.example.com sshd ${index} ID47 [exampleSDID@32473 iut="3" eventSource="Application"] ${sshMessage(index)}`,
  },
  {
    name: 'syslog with pattern',
    use: syslog({
      app: 'sshd',
      message: pattern({
        pattern: 'Failed password for (?:invalid user )?%{USER:user} from %{IP:source_ip} port %{INT:port}(?: ssh2)?',
      }),
    }),
    line: (index) => `<38>Jul 10 11:45:00 bastion-1 sshd[${index}]: ${sshMessage(index)}`,
  },
  { name: 'cef', use: cef(), line: (index) => `<134>Jul 10 11:45:00 fw-1 ${cefLine(index)}` },
  {
    name: 'leef 2',
    use: leef(),
    line: (index) =>
      `LEEF:2.0|Example|Firewall|7.1|41|^|src=${ip(index)}^dst=192.0.2.10^srcPort=${index}^dstPort=443^usrName=user${index}^msg=not allowed by policy`,
  },
  {
    name: 'pattern, Apache combined',
    use: pattern({ pattern: '%{COMBINEDAPACHELOG}', absent: ['-'] }),
    line: (index) =>
      `${ip(index)} - - [10/Jul/2023:11:45:00 +0000] "GET /blog/posts/${index}?page=2 HTTP/1.1" 200 ${index} "https://example.com/" "${agent}"`,
  },
  {
    name: 'pattern, VPC flow',
    use: pattern({ pattern: '%{VPC_FLOW_LOG}', absent: ['-'] }),
    line: (index) =>
      `2 111122223333 eni-0a1b2c3d ${ip(index)} 192.0.2.10 ${index} 443 6 10 ${index * 3} 1688989500 1688989560 ACCEPT OK`,
  },
]

const bytesPerFormat = 4_000_000
const rounds = 7

/** Lines as they arrive: slices of one large decoded text. */
function linesOf(line: (index: number) => string): readonly string[] {
  const made: string[] = []
  for (let index = 0, size = 0; size < bytesPerFormat; index++) size += made[made.push(line(index)) - 1]!.length + 1
  return made.join('\n').split('\n')
}

const bytesPerLine = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length

const floorLines = linesOf(cloudtrail)
const floor = {
  name: 'JSON.parse',
  texts: floorLines.length,
  run() {
    for (const line of floorLines) JSON.parse(line)
  },
}

const cases = formats.map(({ name, use, line, firstLine }) => {
  const parse = use.parser.compile(use.options, [])
  // As the splitter says of lines without long runs of digits.
  const context = { first: false, safeIntegers: true, ...(firstLine !== undefined && { firstLine }) }
  const lines = linesOf(line)
  return {
    name,
    texts: lines.length,
    bytes: bytesPerLine(lines),
    run() {
      for (const text of lines) {
        const found = parse(text, context)
        if ('failure' in found || 'failure' in found[0]!) throw new Error(`${name}: ${JSON.stringify(found)}`)
      }
    },
  }
})

const times = measure([floor, ...cases], rounds)
/** Nanoseconds per byte are comparable where those per line are not. */
const perByte = (name: string, bytes: number) => times.get(name)!.map((value) => value / bytes)
const floorPerByte = perByte(floor.name, bytesPerLine(floorLines))

const results = cases.map(({ name, bytes }) => ({
  format: name,
  megabytesPerSecond: Math.round(1000 / median(perByte(name, bytes))),
  toJsonParse: ratio(floorPerByte, perByte(name, bytes)),
  bytesPerLine: Math.round(bytes),
}))
const jsonParse = Math.round(1000 / median(floorPerByte))

console.log(`JSON.parse of CloudTrail-like lines: ${jsonParse} MB/s`)
console.table(results)
const report = { date: new Date().toISOString(), machine: machine(), rounds, jsonParse, results }
writeFileSync(new URL('results/parsers.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
