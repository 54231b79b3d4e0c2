import { z } from 'zod'
import { addressOf, addressOption, isLoopback } from '../listen/address.ts'
import { fromOption } from '../listen/senders.ts'
import { tlsOption } from '../listen/tls.ts'
import { bytesOf, durationOption, sizeOption, spoolOption } from '../spool/config.ts'

/** Limits that sources share which take messages over connections. */
export const streamLimits = {
  message: sizeOption
    .default('64KB')
    .refine((size) => bytesOf(size) <= 9_000_000, 'is more than 8MB')
    .meta({ description: 'A message. What is longer is cut, and counted as refused.' }),
  connections: z.int().min(1).max(1_000_000).default(500).meta({ description: 'Connections at the same time.' }),
  idle: durationOption.default('1d').meta({
    description:
      'A connection from which nothing came for so long is closed. A sender without acknowledgements loses what it sends at that moment, so let it be long.',
  }),
}

/** Why a spool is too small for messages of this size; undefined when it is not. */
export const tooSmall = (maxBytes: string, message: string) =>
  bytesOf(maxBytes) < 8 * (bytesOf(message) + 65_536)
    ? `is less than eight times limits.message (${message}) and 64KB: what comes might never find room`
    : undefined

/** What is said where anyone could send. */
export const unguarded =
  'can be reached from outside this machine, and the protocol has no authentication: say who may send, with from or with tls.clientCa, or listen on 127.0.0.1'

export const options = z
  .strictObject({
    udp: addressOption.optional().meta({ description: 'Address and port for UDP, such as `0.0.0.0:514`.' }),
    tcp: addressOption.optional().meta({ description: 'Address and port for TCP, such as `0.0.0.0:601`.' }),
    tls: z
      .strictObject({
        listen: addressOption.meta({ description: 'Address and port for TLS, such as `0.0.0.0:6514`.' }),
        ...tlsOption.shape,
      })
      .optional()
      .meta({ description: 'TLS over TCP (RFC 5425), with its certificates.' }),
    from: fromOption,
    limits: z
      .strictObject({
        ...streamLimits,
        receiveBuffer: sizeOption
          .default('4MB')
          .refine((size) => bytesOf(size) < 2 ** 30, 'is not less than 1GB')
          .meta({ description: 'What the system may hold of UDP until it is read; it may grant less.' }),
        queue: sizeOption
          .default('32MB')
          .meta({ description: 'What may wait in memory of UDP until it is on disk; more is dropped, and counted.' }),
      })
      .prefault({})
      .meta({ description: 'What is more is refused, cut or dropped, and counted.' }),
    spool: spoolOption,
  })
  .superRefine(({ udp, tcp, tls, from, limits, spool }, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (udp === undefined && tcp === undefined && tls === undefined)
      issue([], 'listens nowhere: give it udp, tcp or tls')
    const open = (listen: string | undefined) => listen !== undefined && !isLoopback(addressOf(listen).host)
    if (from.length === 0) {
      if (open(udp)) issue(['udp'], unguarded)
      if (open(tcp)) issue(['tcp'], unguarded)
      if (open(tls?.listen) && tls?.clientCa === undefined) issue(['tls', 'listen'], unguarded)
    }
    const small = tooSmall(spool.maxBytes, limits.message)
    if (small) issue(['spool', 'maxBytes'], small)
  })

export type Options = z.output<typeof options>
