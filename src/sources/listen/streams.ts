import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { SourceHost } from '../../core/component.ts'
import { messageOf } from '../../core/errors.ts'
import type { Address } from './address.ts'
import { bind } from './bind.ts'
import type { Senders } from './senders.ts'
import { certificates, renewCertificates, type TlsFiles } from './tls.ts'

export interface StreamOptions {
  readonly address: Address
  /** Without: plain TCP. */
  readonly tls?: TlsFiles | undefined
  readonly senders: Senders
  /** Connections at the same time; more are refused. */
  readonly connections: number
  /** A connection from which nothing came for so long is closed. Milliseconds. */
  readonly idleMs: number
}

/** A connection that may send. */
export interface Connection {
  /** Answers. Resolves when there is room for more; a far end that does not read is closed. */
  send(text: string): Promise<void>
  /**
   * What comes, until the far end has ended, broke off, or kept silent for too long. Nothing more is read from the network
   * while a chunk is worked on, so that a sender that is too fast is kept waiting.
   */
  readonly chunks: AsyncIterable<Buffer>
}

export interface Streams {
  readonly port: number
  /** Takes no more connections, tells senders that it ends, and takes what they have sent, but not for long. */
  close(): Promise<void>
}

const handshakeMs = 10_000
/** A peer that vanished without a word is found by the operating system. Milliseconds. */
const keepAliveMs = 60_000
/** How long a far end may leave answers unread. Milliseconds. */
const unreadMs = 60_000
/** How long senders may hold up an end. Milliseconds. */
const graceMs = 1_000

/**
 * Listens for connections until it is closed. `serve` takes what comes over one; when it resolves, our end is closed too, so
 * that a sender that ended first learns when all it sent was taken.
 * Throws SOURCE_FAILED when the address is taken, SOURCE_MISCONFIGURED when a certificate cannot be read.
 */
export async function listenStreams(
  { address, tls, senders, connections, idleMs }: StreamOptions,
  host: SourceHost,
  serve: (connection: Connection) => Promise<void>,
): Promise<Streams> {
  const open = new Map<Socket, Promise<void>>()
  /** Connections below TLS: those that shake hands are only here. */
  const raw = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs })
  server.maxConnections = connections

  function begin(socket: Socket): void {
    const serving = serve({ send: (text) => sendTo(socket, text), chunks: chunksOf(socket, idleMs) })
      .catch((error: unknown) => {
        if (socket.errored === null) {
          host.log({ level: 'error', code: 'INTERNAL', message: `${host.name}: ${messageOf(error)}` })
        }
      })
      .finally(() => {
        open.delete(socket)
        if (!socket.destroyed) socket.end()
        closeSoon(socket)
      })
    open.set(socket, serving)
  }

  const secure =
    tls && createTlsServer({ ...(await certificates(tls, host)), allowHalfOpen: true, handshakeTimeout: handshakeMs })
  secure?.on('secureConnection', begin)
  secure?.on('tlsClientError', () => host.count('refused'))
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => {})
    if (!senders.allows(socket.remoteAddress)) {
      host.count('refused')
      socket.destroy()
    } else if (secure) {
      raw.add(socket)
      socket.once('close', () => raw.delete(socket))
      secure.emit('connection', socket)
    } else begin(socket)
  })
  server.on('drop', () => host.count('refused'))
  await bind(server, address, host)
  server.on('error', (error) => host.log({ level: 'error', code: 'SOURCE_FAILED', message: messageOf(error) }))
  const endRenewal = secure && tls && renewCertificates(secure, tls, host)

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      endRenewal?.()
      server.close()
      for (const socket of open.keys()) socket.end()
      const late = setTimeout(() => {
        for (const socket of open.keys()) socket.destroy()
      }, graceMs)
      await Promise.all(open.values())
      clearTimeout(late)
      for (const socket of raw) closeSoon(socket)
    },
  }
}

/** Nothing more is taken of a connection; what was said is still sent. */
function closeSoon(socket: Socket): void {
  const late = setTimeout(() => socket.destroy(), graceMs)
  socket.once('close', () => clearTimeout(late))
  socket.resume()
}

async function sendTo(socket: Socket, text: string): Promise<void> {
  if (socket.destroyed || socket.write(text)) return
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => socket.destroy(), unreadMs)
    const end = () => {
      clearTimeout(late)
      socket.off('drain', end).off('close', end)
      resolve()
    }
    socket.once('drain', end).once('close', end)
  })
}

async function* chunksOf(socket: Socket, idleMs: number): AsyncGenerator<Buffer> {
  socket.on('error', () => {})
  // Only silence counts: not the time for which what came is worked on.
  socket.once('timeout', () => socket.destroy())
  const chunks = socket.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      socket.setTimeout(idleMs)
      const next = await chunks.next()
      socket.setTimeout(0)
      if (next.done) return
      yield next.value
    }
  } catch {
    // Broken off. What came before stands.
  }
}
