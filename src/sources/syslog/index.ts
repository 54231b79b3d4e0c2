import { defineSource } from '../../core/component.ts'
import type { SourceHost } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { addressOf } from '../listen/address.ts'
import { createKeep, type Keep } from '../listen/keep.ts'
import { createSenders } from '../listen/senders.ts'
import { receive } from '../listen/receive.ts'
import { type Connection, listenStreams } from '../listen/streams.ts'
import { tellerOf, tellListening } from '../listen/tell.ts'
import { bytesOf } from '../spool/config.ts'
import { listenDatagrams } from './datagrams.ts'
import { createSplitter } from './framing.ts'
import { entriesOf } from './messages.ts'
import { type Options, options } from './options.ts'

/**
 * Receives syslog messages (RFC 5424, RFC 3164 and whatever devices make of them) over UDP, TCP and TLS. Each message is a
 * record, as it came. What was read is kept on disk until it is processed; a sender over UDP or TCP is never told so, see
 * `relp` for one that is.
 */
export const syslog = defineSource({
  name: 'syslog',
  summary:
    'Receives syslog messages over UDP, TCP and TLS, as RFC 5424 and RFC 3164 have them or as devices send them.',
  config: options,
  examples: [
    { title: 'From programs on this machine', config: { udp: '127.0.0.1:5514', tcp: '127.0.0.1:5514' } },
    {
      title: 'From devices in two networks',
      config: { udp: '0.0.0.0:514', tcp: '0.0.0.0:601', from: ['10.20.0.0/16', '2001:db8:7::/48'] },
    },
    {
      title: 'Over TLS, from whoever has a certificate',
      config: {
        tls: { listen: '0.0.0.0:6514', cert: 'tls/cert.pem', key: 'tls/key.pem', clientCa: 'tls/clients.pem' },
      },
    },
  ],
  create: (config, host) =>
    receive(config.spool, host, async (spool, signal) => {
      const keep = createKeep(spool, host, signal)
      const closings: (() => Promise<void>)[] = []
      try {
        await listenAll(config, host, keep, closings)
      } catch (error) {
        await closeAll(closings)
        throw error
      }
      return () => closeAll(closings)
    }),
})

const closeAll = async (closings: readonly (() => Promise<void>)[]) => {
  await Promise.all(closings.map((close) => close()))
}

/** Opens what is configured; each puts into `closings` how it ends. */
async function listenAll(config: Options, host: SourceHost, keep: Keep, closings: (() => Promise<void>)[]) {
  const { udp, tcp, tls, limits } = config
  const senders = createSenders(config.from)
  const tooLong = tellerOf(host, limits.message)
  const limit = bytesOf(limits.message)
  const streams = { senders, connections: limits.connections, idleMs: milliseconds(limits.idle) }

  async function serve({ chunks }: Connection): Promise<void> {
    const splitter = createSplitter({ limit, tooLong })
    for await (const chunk of chunks) await put(splitter.push(chunk))
    await put(splitter.end())
  }
  async function put(messages: readonly Buffer[]): Promise<void> {
    if (!(await keep(entriesOf(messages)))) host.count('dropped', messages.length)
  }

  if (udp !== undefined) {
    const sizes = { limit, receiveBuffer: bytesOf(limits.receiveBuffer), queue: bytesOf(limits.queue) }
    const address = addressOf(udp)
    const { port, close } = await listenDatagrams({ address, senders, tooLong, ...sizes }, host, keep)
    closings.push(close)
    tellListening(host, 'udp', { ...address, port })
  }
  if (tcp !== undefined) {
    const address = addressOf(tcp)
    const { port, close } = await listenStreams({ ...streams, address }, host, serve)
    closings.push(close)
    tellListening(host, 'tcp', { ...address, port })
  }
  if (tls !== undefined) {
    const address = addressOf(tls.listen)
    const { port, close } = await listenStreams({ ...streams, address, tls }, host, serve)
    closings.push(close)
    tellListening(host, 'tls', { ...address, port })
  }
}
