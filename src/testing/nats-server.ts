import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { untrustedCertificate, untrustedKey } from './untrusted-certificate.ts'

/** Why tests with a real NATS server cannot run here; undefined where they can. Debian: `apt-get install nats-server`. */
export const noNats =
  spawnSync('nats-server', ['--version']).status === 0 ? undefined : 'nats-server is not installed on this machine'

export interface NatsServer extends AsyncDisposable {
  /** `localhost:port` */
  readonly address: string
  /** A folder with `ca.pem`, which vouches for the server. */
  readonly folder: string
}

/** A real server with JetStream on the loopback interface, TLS, and the user `alerts` with that password. `port`: default any free. */
export async function startNats(password: string, port = -1): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'streamalert-nats-'))
  const path = (name: string) => join(folder, name)
  writeFileSync(path('ca.pem'), untrustedCertificate)
  writeFileSync(path('key.pem'), untrustedKey)
  writeFileSync(
    path('nats.conf'),
    `host: 127.0.0.1, port: ${port}, ports_file_dir: "${folder}", jetstream { store_dir: "${folder}" }
     tls { cert_file: "${path('ca.pem')}", key_file: "${path('key.pem')}" }
     authorization { users: [ { user: alerts, password: "${password}" } ] }`,
  )
  const server = spawn('nats-server', ['-c', path('nats.conf')], { stdio: 'ignore' })
  const listening = await portOf(folder, server)
  return {
    address: `localhost:${listening}`,
    folder,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The server writes where it listens into a file. */
async function portOf(folder: string, server: ChildProcess): Promise<number> {
  for (let n = 0; n < 200 && server.exitCode === null; n++) {
    const file = readdirSync(folder).find((name) => name.endsWith('.ports'))
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8')
    const port = /:(\d+)"/.exec(text)?.[1]
    if (port !== undefined) return Number(port)
    await sleep(25)
  }
  throw new Error('nats-server does not start')
}
