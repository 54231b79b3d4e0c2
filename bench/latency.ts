import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { median, rounded } from './measure.ts'
import { openPipeline } from './pipeline.ts'
import { cloudTrailLines } from './records.ts'
import { type Row, atMost } from './row.ts'
import { library } from './throughput.ts'

export interface LatencyInput {
  /** The file that grows. */
  readonly file: string
  /** Lines to fill it with, over and over. */
  readonly lines: Uint8Array
  readonly bytesPerSecond: number
  readonly seconds: number
  readonly probesPerSecond: number
}

/**
 * From the moment a record was appended to a file until its request reached a webhook, while the file grows at half of the
 * speed that the same engine took just before, or at a given one (bytes a second). A thread of its own writes, and marks each probe with
 * its time.
 */
export async function latencyRows(
  folder: string,
  { bytes, seconds, given }: { readonly bytes: number; readonly seconds: number; readonly given?: number },
): Promise<Row[]> {
  const heard: number[] = []
  const server = createServer((request, response) => {
    const at = performance.timeOrigin + performance.now()
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      response.end()
      const sent = /probe-(\d+\.\d+)-/.exec(body)?.[1]
      if (sent !== undefined) heard.push(at - Number(sent))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dir = join(folder, 'latency')
  const probe = { rule: probeRule, url: `http://127.0.0.1:${port}/` }
  const pipeline = await openPipeline(dir, { workers: 2, library, probe })
  const lines = cloudTrailLines(bytes)
  const speeds: number[] = []
  for (let round = 0; round < 5; round++) {
    const passage = await pipeline.pass(new Map([['before.log', lines]]))
    speeds.push((passage.bytes / passage.ms) * 1000)
  }
  const halfSpeed = given ?? median(speeds.slice(2)) / 2
  const file = join(dir, 'logs/growing.log')
  const input: LatencyInput = { file, lines, bytesPerSecond: halfSpeed, seconds, probesPerSecond: 20 }
  const writer = new Worker(new URL('latency-writer.ts', import.meta.url), { workerData: input })
  await new Promise((resolve) => writer.once('exit', resolve))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await pipeline.stop()
  server.close()
  // Code is compiled and connections are opened during the first fifth.
  const settled = heard.slice(Math.floor(heard.length / 5)).toSorted((a, b) => a - b)
  const at = (share: number) =>
    rounded(settled[Math.min(settled.length - 1, Math.floor(settled.length * share))] ?? 1e9, 1)
  const load = `at ${Math.round(halfSpeed / 1e6)} MB/s, ${settled.length} probes`
  const details = { bytesPerSecond: Math.round(halfSpeed), probes: settled.length }
  return [
    atMost('latency: appended to a file → webhook, p50', 10, at(0.5), load, ' ms', details),
    atMost('latency: appended to a file → webhook, p99', 50, at(0.99), `p90 ${at(0.9)} ms`, ' ms'),
  ]
}

/** The rule that the probes raise, as a file of the project. */
const probeRule = `import { defineRule } from 'streamalert'
import { cloudtrailEvents } from 'streamalert/schemas'

export default defineRule({
  name: 'probe',
  description: 'A probe of the benchmark.',
  severity: 'info',
  schemas: [cloudtrailEvents],
  outputs: ['webhook:probe'],
  where: { eventName: 'StreamAlertProbe' },
  title: (record) => record.eventID ?? '',
})
`
