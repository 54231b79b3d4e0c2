import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publish } from '../core/publish.ts'
import { messageOf, sampleAlert } from '../testing/sample-alert.ts'
import { linesTo } from './stdout.ts'

test('each alert is one line of JSON', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-stdout-'))
  const stream = createWriteStream(join(folder, 'out'))
  const output = linesTo(stream)
  await output.send(messageOf(sampleAlert))
  await output.send(messageOf({ ...sampleAlert, id: 'b2', title: 'of two\nlines' }))
  const lines = readFileSync(join(folder, 'out'), 'utf8').split('\n')
  expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toMatchObject([
    publish(sampleAlert),
    { id: 'b2', title: 'of two\nlines' },
  ])
  expect(stream.listenerCount('error')).toBe(0)
  stream.destroy()
  rmSync(folder, { recursive: true })
})

test('a full disk is tried again', async () => {
  const stream = createWriteStream('/dev/full')
  await expect(linesTo(stream).send(messageOf(sampleAlert))).rejects.toMatchObject({
    code: 'OUTPUT_UNAVAILABLE',
    retry: 'later',
  })
})

test('a reader that has gone waits for a person, and ends nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
  await expect(linesTo(socket).send(messageOf(sampleAlert))).rejects.toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    retry: 'never',
  })
  server.close()
})
