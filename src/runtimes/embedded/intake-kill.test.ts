import { appendFileSync, closeSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { randomOf } from '../../testing/store/samples.ts'
import { appProject, removeFolder, ruleText } from './fixture.ts'
import { createLineSender, createRelpSender } from './fixtures/connect.ts'
import { startEngineProcess } from './fixtures/engine.ts'
import { createPace, parts, recordOf, type Sender, wait } from './fixtures/numbers.ts'
import { createPoster } from './fixtures/post.ts'

/** It takes its time: CI sends 3,000, `npm run test:soak` 200,000, `npm test` leaves it out. */
const records = Number(process.env['STREAMALERT_SOAK'] ?? 0)
/** The engine is killed so often. */
const kills = Math.max(3, Math.round(records / 5_000))

const sections = (ports: readonly number[]) => `
sources:
  file: { app: { paths: ['logs/*'], schemas: ['app:events'] } }
  http:
    plain: { listen: '127.0.0.1:${ports[0]}', protocols: [plain], schemas: ['app:events'] }
    hec: { listen: '127.0.0.1:${ports[1]}', protocols: [hec], schemas: ['app:events'] }
  syslog: { net: { tcp: '127.0.0.1:${ports[2]}', schemas: ['app:events'] } }
  relp: { net: { listen: '127.0.0.1:${ports[3]}', schemas: ['app:events'] } }
`

test.runIf(records > 0)(
  'killed again and again, each acknowledged record is in the output once',
  { timeout: 1_800_000 },
  async () => {
    const ports = await freePorts(4)
    const dir = appProject({ each: ruleText('each', 'return true') }, { records: 0, sources: sections(ports) })
    onTestFinished(() => removeFolder(dir))
    const random = randomOf(20_260_301)
    const engine = startEngineProcess(dir)
    onTestFinished(engine.destroy)

    const post = (port: number, path: string, body: (lines: readonly string[]) => string) =>
      createPoster({ port, path, body, random })
    const senders: Readonly<Record<string, Sender>> = {
      http: post(ports[0]!, '/', (lines) => lines.map((line) => `${line}\n`).join('')),
      hec: post(ports[1]!, '/services/collector', (lines) => lines.map((line) => `{"event":${line}}`).join('')),
      syslog: createLineSender(ports[2]!),
      relp: createRelpSender(ports[3]!),
      file: createWriter(dir),
    }
    const names = Object.keys(senders)
    const share = Math.floor(records / names.length)
    const numbers = names.map((_, s) => Array.from({ length: share }, (__, n) => s * share + n))

    let killed = 0
    let killing: Promise<void> | undefined
    /** Kills lie at places that differ from run to run only as machines do. */
    let next = (0.5 + random()) / (kills + 1)
    const pace = createPace(names.length, (progress) => {
      if (killed === kills || killing || progress < next) return
      killed++
      next = (killed + 0.5 + random()) / (kills + 1)
      killing = engine.killAndRestart().finally(() => (killing = undefined))
    })
    const sending = Promise.all(names.map((name, s) => senders[name]!(numbers[s]!, (done) => pace(s, done / share))))
    const sent = await Promise.race([sending, engine.failed])
    expect(killed).toBe(kills)

    const output = readOutput(join(dir, 'alerts.jsonl'))
    const acknowledged = new Set(sent.flatMap((one) => [...one.acknowledged]))
    const last = sent[names.indexOf('syslog')]!.connections.at(-1)!
    for (const n of last) acknowledged.add(n)
    const missing = () => [...acknowledged].filter((n) => !output.byNumber.has(n))
    while (output.read() || missing().length > 0) await Promise.race([wait(200), engine.failed])
    await engine.stop()
    output.read()

    // No number became two records, and twice in the output is only what was on its way there when the engine died.
    expect([...output.byNumber].filter(([, ids]) => ids.size > 1)).toEqual([])
    expect(output.lines - output.byNumber.size).toBeLessThanOrEqual(kills)
    // What is missing was never acknowledged; over plain TCP, it is the end of what was written to a connection.
    const came = (n: number) => output.byNumber.has(n)
    for (const connection of sent[names.indexOf('syslog')]!.connections)
      expect(connection.filter(came)).toEqual(connection.slice(0, connection.findLastIndex(came) + 1))
    // The senders met the deaths: some were left without an answer, and not all of that is there.
    expect(acknowledged.size).toBeLessThan(share * names.length)
    const store = openSqliteStore(join(dir, '.streamalert', 'state.db'), { readOnly: true })
    const counted = (await store.counts('records')).reduce((sum, { n }) => sum + n, 0)
    await store.close()
    expect(counted).toBe(output.byNumber.size)
    report({ kills, sent: share * names.length, acknowledged: acknowledged.size, output: output.lines, counted })
  },
)

/** What a soak says at its end. */
function report(found: Readonly<Record<string, number>>): void {
  if (process.env['STREAMALERT_SOAK'] !== undefined) process.stderr.write(`${JSON.stringify(found)}\n`)
}

/** Appends to a file, which is rotated now and then. What is written is as good as acknowledged. */
const createWriter =
  (dir: string): Sender =>
  async (numbers, pace) => {
    const path = join(dir, 'logs', 'app.log')
    let sent = 0
    const rotateAt = Math.floor(numbers.length / 2)
    for (const some of parts(numbers, 20)) {
      appendFileSync(path, some.map((n) => `${recordOf(n)}\n`).join(''))
      if (sent < rotateAt && sent + some.length >= rotateAt) renameSync(path, `${path}.1`)
      sent += some.length
      await pace(sent)
    }
    return { acknowledged: new Set(numbers), connections: [] }
  }

/** Follows the file of alerts. A line that a kill cut off is no alert. */
function readOutput(path: string) {
  const byNumber = new Map<number, Set<string>>()
  let at = 0
  let rest = ''
  const output = {
    /** Number → ids of its alerts. */
    byNumber,
    lines: 0,
    /** Answers whether there was more. */
    read(): boolean {
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
      if (size === at) return false
      const bytes = Buffer.alloc(Math.min(size - at, 16_777_216))
      const file = openSync(path, 'r')
      at += readSync(file, bytes, 0, bytes.length, at)
      closeSync(file)
      const lines = (rest + bytes.toString('latin1')).split('\n')
      rest = lines.pop()!
      for (const line of lines) take(line)
      return true
    },
  }
  function take(line: string): void {
    const found = /^\{"id":"([0-9a-f]+)".*"n":(\d+),.*\}$/.exec(line)
    if (!found) return
    const n = Number(found[2])
    output.lines++
    byNumber.set(n, (byNumber.get(n) ?? new Set()).add(found[1]!))
  }
  return output
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map(async (server) => (server.close(), once(server, 'close'))))
  return ports
}
