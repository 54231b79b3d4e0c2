import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { SourceHost } from '../../core/component.ts'
import { messageOf } from '../../core/errors.ts'
import type { Address } from '../listen/address.ts'
import { cannotListen } from '../listen/bind.ts'
import type { Keep } from '../listen/keep.ts'
import type { Senders } from '../listen/senders.ts'
import { kernelDrops } from './drops.ts'
import { entriesOf, trimmed } from './messages.ts'

export interface DatagramOptions {
  readonly address: Address
  readonly senders: Senders
  /** Bytes of a message that are kept. */
  readonly limit: number
  /** Told of each message that was longer. */
  tooLong(): void
  /** Bytes that the kernel may hold for us, for times in which we do not come to read. */
  readonly receiveBuffer: number
  /** Bytes that may wait for the spool. */
  readonly queue: number
}

export interface Datagrams {
  readonly port: number
  close(): Promise<void>
}

/** The kernel's count is looked at so often. Milliseconds. */
const lookMs = 5_000
/** How long the kernel's buffer is read at the end. Milliseconds. */
const lastMs = 20
/** What a datagram takes in memory beside its bytes, about. */
const overhead = 200

/** Receives a message in each datagram (RFC 5426). Nobody can be kept waiting: what finds no room is dropped and counted. */
export async function listenDatagrams(options: DatagramOptions, host: SourceHost, keep: Keep): Promise<Datagrams> {
  const { address, senders, limit, tooLong, queue } = options
  const socket = createSocket({ type: isIPv6(address.host) ? 'udp6' : 'udp4' })
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let flushing: Promise<void> | undefined

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting
      const bytes = waitingBytes
      waiting = []
      // They stay counted until they are durable: what waits is bounded whatever the disk does.
      if (!(await keep(entriesOf(group)))) host.count('dropped', group.length)
      waitingBytes -= bytes
    }
    flushing = undefined
  }

  socket.on('message', (datagram, from) => {
    if (!senders.allows(from.address)) return host.count('refused')
    if (datagram.length > limit) tooLong()
    const message = trimmed(datagram.subarray(0, limit))
    if (message.length === 0) return
    if (waitingBytes + message.length + overhead > queue) return host.count('dropped')
    waiting.push(message)
    waitingBytes += message.length + overhead
    flushing ??= flush()
  })

  try {
    socket.bind(address.port, address.host)
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw cannotListen(address, host, error)
  }
  socket.on('error', (error) => host.log({ level: 'error', code: 'SOURCE_FAILED', message: messageOf(error) }))
  widen()
  const bound = { host: socket.address().address, port: socket.address().port }
  let seen = await kernelDrops(bound)
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, lookMs)
  timer.unref()

  async function look(): Promise<void> {
    const drops = await kernelDrops(bound)
    if (drops !== undefined && drops > (seen ?? 0)) host.count('dropped', drops - (seen ?? 0))
    seen = drops
  }

  function widen(): void {
    try {
      socket.setRecvBufferSize(options.receiveBuffer)
      // Linux tells twice of what it grants, the half being for itself.
      const granted = socket.getRecvBufferSize() / (process.platform === 'linux' ? 2 : 1)
      if (granted >= options.receiveBuffer) return
      const message = `${host.name}: the system grants a receive buffer of ${granted} bytes, not ${options.receiveBuffer}: raise net.core.rmem_max.`
      host.log({ level: 'warn', code: 'SOURCE_LIMITED', message })
    } catch (error) {
      const message = `${host.name}: the receive buffer keeps its size: ${messageOf(error)}`
      host.log({ level: 'warn', code: 'SOURCE_LIMITED', message })
    }
  }

  return {
    port: bound.port,
    async close() {
      clearInterval(timer)
      await pause(lastMs)
      await looking
      await look()
      socket.close()
      await flushing
    },
  }
}
