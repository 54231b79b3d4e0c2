import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SourceHost } from '../../core/component.ts'
import { messageOf } from '../../core/errors.ts'
import { bind } from '../listen/bind.ts'
import { certificates, renewCertificates, type TlsFiles } from '../listen/tls.ts'
import type { Incoming, Answer } from './exchange.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tls?: TlsFiles | undefined
  readonly connections: number
  /** Bytes of headers. */
  readonly headerBytes: number
  /** Bytes that are let through of a body that nobody wants. */
  readonly bodyBytes: number
  /** Milliseconds. */
  readonly headerMs: number
  readonly requestMs: number
}

/** Reads what it wants of a request, and answers. `proceed` tells a sender that waits for it to send the body. */
export type Respond = (request: Incoming, proceed: () => void) => Promise<Answer>

export interface Listener {
  readonly port: number
  /** Takes no more connections, and waits for requests under way, but not for long. */
  close(): Promise<void>
}

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
  let closing = false
  const answer = async (request: IncomingMessage, response: ServerResponse, proceed: () => void) => {
    request.on('error', () => {})
    response.on('error', () => {})
    try {
      const { status, headers, body = '' } = await respond(request, proceed)
      if (response.destroyed) return
      if (!request.complete) discard(request, options.bodyBytes)
      // Else a busy client would keep its connection, and so hold up the end, for as long as it may.
      if (closing) response.shouldKeepAlive = false
      const bytes = Buffer.from(body)
      response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes)
    } catch (error) {
      host.log({ level: 'error', code: 'INTERNAL', message: `${host.name}: ${messageOf(error)}` })
      response.destroy()
    }
  }
  server.on('request', (request, response) => void answer(request, response, () => {}))
  server.on('checkContinue', (request, response) => void answer(request, response, () => response.writeContinue()))
  server.on('tlsClientError', () => host.count('refused'))
  await bind(server, options, host)
  server.on('error', (error) => host.log({ level: 'error', code: 'SOURCE_FAILED', message: messageOf(error) }))
  const endRenewal = tls && renewCertificates(server as TlsServer, tls, host)

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closing = true
      endRenewal?.()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(late)
    },
  }
}

/** What is still coming of a refused body is let through, up to a limit: a sender reads its answer only when it has sent all. */
function discard(request: IncomingMessage, limit: number): void {
  let left = limit
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
}
