import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../stores/sqlite/index.ts'
import { commitOf, randomOf, sampleHit } from '../../testing/store/samples.ts'

/** A multiple of 500. It takes its time: CI and `npm run test:soak` send 10,000, `npm test` leaves it out. */
const alerts = Number(process.env['STREAMALERT_ALERTS'] ?? 0)
/** A sender is killed whenever so many more have arrived. */
const killEvery = Math.floor(alerts * 0.22)
/** Alerts that a sender has under way at the same time; see children/dispatch.ts. */
const concurrency = 8

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-delivery-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state.db')
}

/** Takes alerts, but one in twenty not: it hangs, resets, answers 500 or 429. */
async function flakyServer(onArrival: (id: string, sender: string, arrivals: number) => void) {
  const random = randomOf(5)
  let arrivals = 0
  let tooMany = 0
  const fail = (response: ServerResponse): void => {
    const how = random()
    if (how < 0.02) return
    if (how < 0.5) response.socket?.resetAndDestroy()
    else if (how < 0.99 || ++tooMany > 2) response.writeHead(500).end()
    else response.writeHead(429, { 'retry-after': '1' }).end()
  }
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (random() < 0.05) return fail(response)
      response.end()
      const { 'x-streamalert-alert': id, 'x-sender': sender } = request.headers
      onArrival(String(id), String(sender), ++arrivals)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test.runIf(alerts > 0)(
  'two dispatchers bring every alert through failures and kill -9; repeated is only what was in flight',
  async () => {
    const path = scratch()
    const store = openSqliteStore(path)
    for (let from = 0; from < alerts; from += 500) {
      const hits = Array.from({ length: 500 }, (_, n) =>
        sampleHit({ n: from + n, rule: `rule-${n % 7}`, outputs: ['webhook:flaky'] }),
      )
      await store.commit(commitOf({ hits, now: Date.now() }))
    }

    const arrived = new Map<string, number>()
    /** Sender → what it brought, in order. */
    const bySender = new Map<string, string[]>()
    /** What a sender took to have failed, though it may have arrived: a machine that stalls lets answers come too late. */
    const failed = new Set<string>()
    const senders: { readonly name: string; readonly child: ChildProcess; readonly ended: Promise<unknown> }[] = []
    const killed: string[] = []

    const startSender = (): void => {
      const name = `sender-${bySender.size}`
      bySender.set(name, [])
      const file = join(import.meta.dirname, 'children', 'dispatch.ts')
      const child = spawn(process.execPath, [file, path, url, name], { stdio: ['ignore', 'pipe', 'inherit'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      child.stdout.setEncoding('utf8').on('data', (text: string) => text.split('\n').forEach((id) => failed.add(id)))
      senders.push({ name, child, ended: once(child, 'close') })
    }
    const url = await flakyServer((id, sender, arrivals) => {
      arrived.set(id, (arrived.get(id) ?? 0) + 1)
      bySender.get(sender)!.push(id)
      if (arrivals % killEvery !== 0) return
      // The one that brought the alert dies while its answer is on the way, and another takes its place.
      senders.find(({ name }) => name === sender)!.child.kill('SIGKILL')
      killed.push(sender)
      startSender()
    })
    startSender()
    startSender()
    for (let n = 0; n < senders.length; n++) await senders[n]!.ended

    expect(arrived.size).toBe(alerts)
    expect(await store.due()).toEqual([])
    expect(await store.overview()).toMatchObject({ deliveries: [{ state: 'sent', count: alerts }] })
    expect(killed.length).toBeGreaterThanOrEqual(4)
    const repeated = [...arrived].filter(([id, times]) => times > 1 && !failed.has(id)).map(([id]) => id)
    const lastOf = (sender: string) => bySender.get(sender)!.slice(-3 * concurrency)
    expect(repeated.filter((id) => !killed.some((sender) => lastOf(sender).includes(id)))).toEqual([])
    expect(repeated.length).toBeLessThanOrEqual(killed.length * concurrency)
    await store.close()
  },
  120_000,
)
