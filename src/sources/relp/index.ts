import { z } from 'zod'
import { defineSource } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { addressOf, addressOption, isLoopback } from '../listen/address.ts'
import { createKeep } from '../listen/keep.ts'
import { receive } from '../listen/receive.ts'
import { createSenders, fromOption } from '../listen/senders.ts'
import { listenStreams } from '../listen/streams.ts'
import { tellListening, tellerOf } from '../listen/tell.ts'
import { tlsOption } from '../listen/tls.ts'
import { bytesOf, spoolOption } from '../spool/config.ts'
import { streamLimits, tooSmall, unguarded } from '../syslog/options.ts'
import { serveSession } from './session.ts'

const options = z
  .strictObject({
    listen: addressOption.default('127.0.0.1:2514').meta({
      description: 'Address and port. `0.0.0.0:2514` is every address of the machine.',
    }),
    tls: tlsOption.optional().meta({ description: 'Certificates. Without them, messages are not encrypted.' }),
    from: fromOption,
    limits: z
      .strictObject(streamLimits)
      .prefault({})
      .meta({ description: 'What is more is refused or cut, and counted.' }),
    spool: spoolOption,
  })
  .superRefine(({ listen, tls, from, limits, spool }, context) => {
    if (!isLoopback(addressOf(listen).host) && from.length === 0 && tls?.clientCa === undefined)
      context.addIssue({ code: 'custom', path: ['listen'], message: unguarded })
    const small = tooSmall(spool.maxBytes, limits.message)
    if (small) context.addIssue({ code: 'custom', path: ['spool', 'maxBytes'], message: small })
  })

/**
 * Receives syslog messages over RELP, which acknowledges them: what was acknowledged is on disk, and what was not is sent
 * again. A message whose acknowledgement was lost on its way comes twice, for RELP has no name for a message.
 */
export const relp = defineSource({
  name: 'relp',
  summary: 'Receives syslog messages over RELP, as rsyslog sends them: each is acknowledged once it is on disk.',
  config: options,
  examples: [
    { title: 'From rsyslog on this machine', config: {} },
    {
      title: 'Over TLS, from whoever has a certificate',
      config: {
        listen: '0.0.0.0:2514',
        tls: { cert: 'tls/cert.pem', key: 'secret:RELP_KEY', clientCa: 'tls/clients.pem' },
      },
    },
  ],
  create: (config, host) =>
    receive(config.spool, host, async (spool, signal) => {
      const { limits, tls } = config
      const address = addressOf(config.listen)
      const keep = createKeep(spool, host, signal)
      const frames = { limit: bytesOf(limits.message), tooLong: tellerOf(host, limits.message) }
      const { port, close } = await listenStreams(
        {
          ...{ address, tls, senders: createSenders(config.from) },
          ...{ connections: limits.connections, idleMs: milliseconds(limits.idle) },
        },
        host,
        (connection) => serveSession(connection, frames, keep, host),
      )
      tellListening(host, tls ? 'relp+tls' : 'relp', { ...address, port })
      return close
    }),
})
