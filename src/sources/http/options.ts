import { z } from 'zod'
import { addressOf, addressOption, isLoopback } from '../listen/address.ts'
import { tlsOption } from '../listen/tls.ts'
import { tokenOption } from '../listen/token.ts'
import { bytesOf, durationOption, sizeOption, spoolOption } from '../spool/config.ts'

export const protocolNames = ['plain', 'hec', 'elasticsearch', 'otlp', 'firehose', 'github', 'sns'] as const

const signature = z.strictObject({
  scheme: z.enum(['github', 'slack', 'stripe', 'streamalert']).meta({ description: 'How the sender signs.' }),
  key: z.string().min(1).meta({ description: 'The key shared with the sender: `secret:NAME`.', secret: true }),
  tolerance: durationOption
    .default('5m')
    .meta({ description: 'How far the time in the signature may be from ours, where it has one.' }),
})

const count = (most: number) => z.int().min(1).max(most)

const limits = z.strictObject({
  body: sizeOption.default('16MB').meta({ description: 'A body as it is sent.' }),
  decompressed: sizeOption.default('64MB').meta({ description: 'A body after decompression.' }),
  ratio: count(10_000).default(200).meta({ description: 'Decompressed to compressed, beyond the first MB.' }),
  inFlight: sizeOption
    .default('256MB')
    .meta({ description: 'All bodies that are held in memory at the same time; past it senders get 429.' }),
  connections: count(1_000_000).default(1_000).meta({ description: 'Connections at the same time.' }),
  headers: sizeOption.default('16KB').meta({ description: 'The headers of a request.' }),
  headerTime: durationOption.default('10s').meta({ description: 'Time for the headers of a request to arrive.' }),
  requestTime: durationOption.default('60s').meta({ description: 'Time for a whole request to arrive.' }),
})

const repeats = z.strictObject({
  key: durationOption.default('1d').meta({
    description: 'How long requests are known that their sender names: by an idempotency key or an id.',
  }),
  body: z
    .union([durationOption, z.literal(false)])
    .default('5m')
    .meta({ description: 'How long other requests are known, by the hash of their body. False: they are not.' }),
})

export const options = z
  .strictObject({
    listen: addressOption
      .default('127.0.0.1:8088')
      .meta({ description: 'Address and port. `0.0.0.0:8088` is every address of the machine.' }),
    protocols: z
      .array(z.enum(protocolNames))
      .min(1)
      .default([...protocolNames])
      .meta({ description: 'What is understood. Default: all; paths and headers tell them apart.' }),
    tokens: z.array(tokenOption).default([]).meta({
      description:
        'Tokens of which a request must bring one: `sha256:` and the hash of a token, or `secret:NAME`. Several are valid at once.',
      secret: true,
    }),
    signatures: z.array(signature).default([]).meta({
      description:
        'Senders that sign requests, each with `scheme` (`github`, `slack`, `stripe`, `streamalert`), `key` (`secret:NAME`) and `tolerance` (how far its clock may be off, 5m). A valid signature stands for a token.',
    }),
    sns: z
      .strictObject({
        topics: z
          .array(
            z.string().regex(/^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, 'is not the ARN of a topic'),
          )
          .min(1)
          .meta({ description: 'ARNs of the topics.' }),
      })
      .optional()
      .meta({
        description:
          'Topics of Amazon SNS that may send. Their subscriptions are confirmed, and their signatures stand for a token.',
      }),
    tls: tlsOption.optional().meta({ description: 'Certificates. Without them, requests are not encrypted.' }),
    text: z.array(z.string().min(1)).default([]).meta({
      description:
        'Fields that hold the original text where agents wrap it, such as `message` (Beats, Logstash, Vector) or `log` (Fluent Bit): that text is then the record.',
    }),
    envelope: z.boolean().default(false).meta({
      description:
        'Whether records are given with what their protocol puts around them (HEC, Elasticsearch, OTLP, GitHub), for log types of one’s own.',
    }),
    repeats: repeats.prefault({}).meta({ description: 'How requests are recognised that are sent again.' }),
    limits: limits.prefault({}).meta({ description: 'What is more is refused.' }),
    spool: spoolOption,
  })
  .superRefine(({ listen, protocols, tokens, signatures, sns, tls, limits, spool }, context) => {
    const { host } = addressOf(listen)
    const onlySns = sns !== undefined && protocols.every((name) => name === 'sns')
    if (
      !isLoopback(host) &&
      !onlySns &&
      tokens.length === 0 &&
      signatures.length === 0 &&
      tls?.clientCa === undefined
    ) {
      const message = `can be reached from outside this machine, but nothing says who may send: add tokens, signatures or tls.clientCa, or listen on 127.0.0.1`
      context.addIssue({ code: 'custom', path: ['listen'], message })
    }
    if (bytesOf(limits.inFlight) < bytesOf(limits.body)) {
      const message = `is less than limits.body (${limits.body}): a large body would never be taken`
      context.addIssue({ code: 'custom', path: ['limits', 'inFlight'], message })
    }
    if (bytesOf(spool.maxBytes) < 4 * bytesOf(limits.decompressed)) {
      const message = `is less than four times limits.decompressed (${limits.decompressed}): a large body might never find room`
      context.addIssue({ code: 'custom', path: ['spool', 'maxBytes'], message })
    }
  })

export type Options = z.output<typeof options>
