/**
 * Records a second through each source, from the first that is sent until all are durable; how long one takes at a calm pace;
 * and the memory of an engine that is sent ten times what it takes.
 *
 *   node bench/sources.bench.ts            writes bench/results/sources.json
 *   node bench/sources.bench.ts --quick    shows that it runs
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startFauxqs } from 'fauxqs'
import { machine } from './measure.ts'
import type { Told } from './sources/engine.ts'
import { overHec, overHttp, overTcp, type Send, toFile } from './sources/send.ts'

const quick = process.argv.includes('--quick')
const records = quick ? 2_000 : 100_000
const perSend = 200
const sendsAtOnce = 8
/** The calm pace: so many records, so often. */
const calm = { records: 10, everyMs: 20, times: quick ? 20 : 500 }
const floodMs = quick ? 1_000 : 20_000

const scratch = mkdtempSync(join(tmpdir(), 'streamalert-bench-'))
const queues = await startFauxqs({ port: 0, logger: false })
const { queueUrl, queueName } = queues.createQueue('bench')
const [http, hec, tcp] = await Promise.all([freePort(), freePort(), freePort()])
const sections = {
  http: `http: { a: { listen: '127.0.0.1:${http}', protocols: [plain], spool: { maxBytes: 256MB } } }`,
  hec: `http: { a: { listen: '127.0.0.1:${hec}', protocols: [hec] } }`,
  'syslog tcp': `syslog: { a: { tcp: '127.0.0.1:${tcp}' } }`,
  file: `file: { a: { paths: ['logs/*'] } }`,
  'aws-sqs': `aws-sqs: { a: { queue: '${queueUrl}', endpoint: 'http://127.0.0.1:${queues.port}', region: us-east-1, credentials: { accessKeyId: a, secretAccessKey: b } } }`,
} as const
type Name = keyof typeof sections
const results: Record<string, Record<string, number>> = {}
try {
  for (const name of Object.keys(sections) as Name[]) results[name] = await measure(name)
  results['flood over http'] = await flood()
} finally {
  await queues.stop()
  rmSync(scratch, { recursive: true, force: true })
}
console.table(results)
if (!quick) {
  const report = { date: new Date().toISOString(), machine: machine(), records, results }
  writeFileSync(new URL('results/sources.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
}

async function measure(name: Name): Promise<Record<string, number>> {
  const engine = await start(name, 'return record.n % 20 === 0')
  const send = await senderOf(name, engine.dir)
  const startedAt = performance.now()
  await sendAll(send)
  await engine.taken(records)
  const perSecond = Math.round((records / (performance.now() - startedAt)) * 1_000)
  engine.delays.length = 0
  for (let n = 0; n < calm.times; n++) {
    await send(lines(n * 20, calm.records))
    await sleep(calm.everyMs)
  }
  await engine.taken(records + calm.times * calm.records)
  const sorted = engine.delays.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const found = { 'records/s': perSecond, 'p50, ms': at(0.5), 'p99, ms': at(0.99), 'peak memory, MB': engine.peak() }
  await engine.stop()
  return found
}

/** A rule that takes its time makes the engine slow; senders go on as fast as they can. */
async function flood(): Promise<Record<string, number>> {
  const engine = await start(
    'http',
    'const end = performance.now() + 0.2; while (performance.now() < end); return false',
  )
  const send = overHttp(http)
  const before = engine.peak()
  let [offered, refused] = [0, 0]
  const until = performance.now() + floodMs
  const sender = async () => {
    while (performance.now() < until) {
      const from = offered
      offered += perSend
      if (!(await send(lines(from, perSend)))) refused += perSend
    }
  }
  await Promise.all(Array.from({ length: sendsAtOnce }, sender))
  const found = {
    'offered/s': Math.round((offered / floodMs) * 1_000),
    'taken by rules/s': Math.round((engine.seen() / floodMs) * 1_000),
    'refused (429)': refused,
    'memory before, MB': before,
    'peak memory, MB': engine.peak(),
  }
  await engine.stop()
  return found
}

function lines(from: number, count: number): readonly string[] {
  const sent = Date.now()
  return Array.from({ length: count }, (_, index) => {
    const n = from + index
    return JSON.stringify({ sent, n, user: `user-${n % 100}`, action: 'ConsoleLogin', address: '192.0.2.7' })
  })
}

async function sendAll(send: Send): Promise<void> {
  let next = 0
  const sender = async () => {
    while (next < records) {
      const from = next
      next += perSend
      const some = lines(from, perSend)
      while (!(await send(some))) await sleep(20)
    }
  }
  await Promise.all(Array.from({ length: sendsAtOnce }, sender))
}

async function senderOf(name: Name, dir: string): Promise<Send> {
  if (name === 'http') return overHttp(http)
  if (name === 'hec') return overHec(hec)
  if (name === 'syslog tcp') return overTcp(tcp)
  if (name === 'file') return toFile(join(dir, 'logs/a.json'))
  return async (some) => {
    queues.sendMessage(queueName, some.map((line) => `${line}\n`).join(''))
    return true
  }
}

async function start(name: Name, match: string) {
  const dir = join(scratch, String(Object.keys(results).length))
  for (const folder of ['logs', 'rules', 'schemas']) mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(
    join(dir, 'streamalert.yaml'),
    `sources: { ${sections[name]} }\noutputs: { file: { a: { path: a.jsonl } } }\ndefaults: { outputs: ['file:a'] }\nterminal: false\nworkers: { count: 2 }\n`,
  )
  writeFileSync(
    join(dir, 'schemas/events.ts'),
    `import { defineSchema } from 'streamalert'
import { json } from 'streamalert/parsers'
export const events = defineSchema({ name: 'bench:events', description: 'Events.', parse: json(),
  fields: { sent: 'integer', n: 'integer', user: 'string', action: 'string', address: 'string' } })\n`,
  )
  writeFileSync(
    join(dir, 'rules/some.ts'),
    `import { defineRule } from 'streamalert'
import { events } from '../schemas/events.ts'
export default defineRule({ name: 'some', description: 'Some.', severity: 'low', schemas: [events], match: (record) => { ${match} } })\n`,
  )
  const child: ChildProcess = fork(join(import.meta.dirname, 'sources/engine.ts'), [dir])
  const delays: number[] = []
  let seen = 0
  let wake = () => {}
  child.on('message', (message) => {
    const told = message as Told
    seen += told.records
    for (const delay of told.delays) delays.push(delay)
    wake()
  })
  child.on('exit', (code) => {
    if (code !== null) throw new Error(`The engine ended with ${code}.`)
  })
  await once(child, 'message')
  await sleep(500)
  return {
    dir,
    delays,
    seen: () => seen,
    async taken(count: number): Promise<void> {
      const isShort = () => seen < count
      while (isShort()) await new Promise<void>((resolve) => (wake = resolve))
    },
    /** The most memory it has held so far, MB (proc_pid_status(5)). */
    peak: () =>
      Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024),
    async stop(): Promise<void> {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
