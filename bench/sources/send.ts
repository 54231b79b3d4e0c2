import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'

/** Sends some records, given as lines, by one source; resolves when they were taken over. False: refused for now. */
export type Send = (lines: readonly string[]) => Promise<boolean>

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

export const overHttp = (port: number) => poster(port, '/', text)
export const overHec = (port: number) =>
  poster(port, '/services/collector', (lines) => lines.map((line) => `{"event":${line}}`).join(''))

function poster(port: number, path: string, body: (lines: readonly string[]) => string): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  return (lines) =>
    new Promise((resolve, reject) => {
      const posting = request({ agent, port, path, host: '127.0.0.1', method: 'POST' }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 200))
      })
      posting.on('error', reject)
      posting.end(body(lines))
    })
}

export async function overTcp(port: number): Promise<Send> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return async (lines) => {
    if (!socket.write(text(lines))) await once(socket, 'drain')
    return true
  }
}

export const toFile =
  (path: string): Send =>
  async (lines) => {
    appendFileSync(path, text(lines))
    return true
  }
