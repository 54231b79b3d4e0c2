import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isAbsolute, join } from 'node:path'
import type { SourceHost } from '../../core/component.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { secretReference } from '../../core/secrets.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string | undefined } | undefined
  readonly connections: number
  /** Bytes of headers. */
  readonly headerBytes: number
  /** Milliseconds. */
  readonly headerMs: number
  readonly requestMs: number
}

export type Respond = (request: IncomingMessage, response: ServerResponse, proceed: () => void) => Promise<void>

export interface Listener {
  readonly port: number
  /** Takes no more connections, and waits for requests under way, but not for long. */
  close(): Promise<void>
}

/** Certificates are looked at so often: one that was renewed is taken without a restart. Milliseconds. */
const certificateMs = 60_000
/** How long requests under way may hold up an end. Milliseconds. */
const graceMs = 3_000
/** Longer than load balancers keep an idle connection, so that it is they who close it. Milliseconds. */
const keepAliveMs = 75_000

/** Listens until it is closed. Throws SOURCE_FAILED when the address is taken, or a certificate cannot be read. */
export async function listen(options: ListenOptions, host: SourceHost, respond: Respond): Promise<Listener> {
  const { headerMs, requestMs, headerBytes, tls } = options
  const timed = {
    maxHeaderSize: headerBytes,
    headersTimeout: Math.min(headerMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(headerMs / 2)),
    handshakeTimeout: headerMs,
  }
  const server = tls ? createTlsServer({ ...timed, ...(await certificates(tls, host)) }) : createServer(timed)
  server.maxConnections = options.connections
  // A client that does not read its answer.
  server.timeout = 2 * requestMs + keepAliveMs
  const answer = (request: IncomingMessage, response: ServerResponse, proceed: () => void) => {
    request.on('error', () => {})
    response.on('error', () => {})
    respond(request, response, proceed).catch((error: unknown) => {
      host.log({ level: 'error', code: 'INTERNAL', message: `${host.name}: ${messageOf(error)}` })
      response.destroy()
    })
  }
  server.on('request', (request, response) => answer(request, response, () => {}))
  server.on('checkContinue', (request, response) => answer(request, response, () => response.writeContinue()))
  server.on('tlsClientError', () => host.count('refused'))
  await listening(server, options, host)
  server.on('error', (error) => host.log({ level: 'error', code: 'SOURCE_FAILED', message: messageOf(error) }))
  const renewal = tls && setInterval(renewer(server as TlsServer, tls, host), certificateMs).unref()

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      clearInterval(renewal)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(late)
    },
  }
}

async function listening(server: Server, { host: address, port }: ListenOptions, host: SourceHost): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: address, port }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    throw new CodedError('SOURCE_FAILED', `${host.name} cannot listen on ${address}:${port}: ${messageOf(error)}`, {
      place: { name: host.name },
      hint: 'Give it an address of this machine, and a port that nothing else uses.',
      retry: 'later',
      cause: error,
    })
  }
}

type Tls = NonNullable<ListenOptions['tls']>

const pathOf = (host: SourceHost, path: string) => (isAbsolute(path) ? path : join(host.projectDir, path))

async function certificates(tls: Tls, host: SourceHost) {
  const read = async (path: string) => {
    try {
      return await readFile(pathOf(host, path))
    } catch (error) {
      const message = `${host.name}: a certificate cannot be read: ${messageOf(error)}`
      throw new CodedError('SOURCE_MISCONFIGURED', message, { place: { name: host.name }, cause: error })
    }
  }
  const key = secretReference.test(tls.key) ? await host.secret(tls.key.slice('secret:'.length)) : await read(tls.key)
  const cert = await read(tls.cert)
  if (tls.clientCa === undefined) return { cert, key }
  return { cert, key, ca: await read(tls.clientCa), requestCert: true, rejectUnauthorized: true }
}

/** Takes certificates that were changed since the last look. One that is broken leaves the former at work. */
function renewer(server: TlsServer, tls: Tls, host: SourceHost): () => void {
  let seen: number | undefined
  const look = async () => {
    const { mtimeMs } = await stat(pathOf(host, tls.cert))
    if (seen !== undefined && mtimeMs !== seen) server.setSecureContext(await certificates(tls, host))
    seen = mtimeMs
  }
  return () => {
    look().catch((error: unknown) => {
      const message = `${host.name}: the changed certificate is not taken: ${messageOf(error)}`
      host.log({ level: 'error', code: 'SOURCE_MISCONFIGURED', message })
    })
  }
}
