/**
 * What classification costs among 1, 10, 100 and all built-in schemas: nanoseconds of processor time per record, and how many
 * times what it costs with the record's own schema alone; for CloudTrail also the ratio to `JSON.parse` of the same lines.
 *
 *   node bench/classify.bench.ts          writes bench/results/classify.json
 */
import { writeFileSync } from 'node:fs'
import { schemas } from '../schemas/index.ts'
import { compileClassifier } from '../src/core/classify/index.ts'
import type { Framing } from '../src/core/contracts/index.ts'
import { type Piece, split } from '../src/core/split/index.ts'
import { machine, measure, median, ratio } from './measure.ts'
import { cloudTrailLines } from './records.ts'
import { candidates } from './schemas.ts'

const rounds = 9
const counts = [1, 10, 100, schemas.length]

const lines = (count: number, line: (index: number) => string) =>
  new TextEncoder().encode(Array.from({ length: count }, (_, index) => `${line(index)}\n`).join(''))
const ip = (index: number) => `203.0.${index % 100}.${index % 250}`

const sshd = (index: number) =>
  [
    `Failed password for invalid user admin${index} from ${ip(index)} port ${1024 + index} ssh2`,
    `Accepted publickey for amira from ${ip(index)} port ${1024 + index} ssh2: RSA SHA256:${'a1b2'.repeat(10)}`,
    `Received disconnect from ${ip(index)}: 11: Bye Bye [preauth]`,
    'pam_unix(sshd:session): session closed for user amira',
  ][index % 4]!

const apache = (index: number) =>
  `${ip(index)} - - [10/Jul/2023:11:45:00 +0000] "GET /blog/posts/${index}?page=2 HTTP/1.1" 200 ${index} ` +
  `"https://www.example.com/" "Mozilla/5.0 (X11; Linux x86_64) Chrome/114.0 Safari/537.36"`

interface Stream {
  readonly schema: string
  readonly pieces: readonly Piece[]
}

const stream = (schema: string, bytes: Uint8Array, framing: Framing): Stream => ({
  schema,
  pieces: [...split(bytes, framing)],
})

const cloudtrail = stream('cloudtrail:events', cloudTrailLines(4_000_000), 'json')
const streams = [
  cloudtrail,
  stream(
    'sshd',
    lines(5_000, (index) => `Dec 10 06:55:46 bastion-1 sshd[${24_000 + index}]: ${sshd(index)}`),
    'lines',
  ),
  stream('apache:access', lines(5_000, apache), 'lines'),
]

const floor = {
  name: 'JSON.parse',
  texts: cloudtrail.pieces.length,
  run() {
    for (const { text } of cloudtrail.pieces) JSON.parse(text)
  },
}

const nameOf = (schema: string, count: number) => `${schema} ${count}`

const times = measure(
  [
    floor,
    ...streams.flatMap(({ schema, pieces }) =>
      counts.map((count) => {
        const classifier = compileClassifier(candidates(schema, count))
        return {
          name: nameOf(schema, count),
          texts: pieces.length,
          run() {
            for (const { text, safeIntegers } of pieces) {
              const [found] = classifier.classify(text, { first: false, safeIntegers })
              if (!found || !('schema' in found) || found.schema.name !== schema)
                throw new Error(`not ${schema}: ${text}`)
            }
          },
        }
      }),
    ),
  ],
  rounds,
)

const results = streams.flatMap(({ schema }) =>
  counts.map((count) => {
    const own = times.get(nameOf(schema, count))!
    return {
      schema,
      candidates: count,
      nanoseconds: Math.round(median(own)),
      toOneCandidate: ratio(own, times.get(nameOf(schema, 1))!),
      ...(schema === cloudtrail.schema && { toJsonParse: ratio(own, times.get(floor.name)!) }),
    }
  }),
)

console.log(`JSON.parse of a CloudTrail line: ${Math.round(median(times.get(floor.name)!))} ns`)
console.table(results)
const report = { date: new Date().toISOString(), machine: machine(), rounds, results }
writeFileSync(new URL('results/classify.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
