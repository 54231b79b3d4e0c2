import { defineSource } from '../../core/component.ts'
import type { SourceHost } from '../../core/component.ts'
import { milliseconds } from '../../core/duration.ts'
import { addressOf, isLoopback } from '../listen/address.ts'
import { receive } from '../listen/receive.ts'
import { bytesOf } from '../spool/config.ts'
import type { Spool } from '../spool/index.ts'
import { listen, type Listener } from './listener.ts'
import { type Options, options } from './options.ts'
import { createResponder } from './respond.ts'

/**
 * Receives logs over HTTP, in the protocols that agents speak. Whoever gets an answer of success has its records on disk:
 * they wait in a spool until the engine has stored what it made of them. A request that is sent again is known by its
 * sender's own name for it, or by its body, and answered without being kept twice.
 */
export const http = defineSource({
  name: 'http',
  summary:
    'Receives logs over HTTP: any POST, Splunk HEC, Elasticsearch _bulk, OTLP, Amazon Data Firehose, Amazon SNS, GitHub webhooks.',
  setup:
    'Make a token (`openssl rand -hex 32`), give it to the senders, and put its hash (`printf %s TOKEN | sha256sum`) or `secret:NAME` into `tokens`.',
  config: options,
  examples: [
    { title: 'For what runs on this machine', config: { listen: '127.0.0.1:8088' } },
    {
      title: 'For agents elsewhere, with two tokens while one is replaced',
      config: {
        listen: '0.0.0.0:8088',
        tokens: ['sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'secret:AGENT_TOKEN'],
        tls: { cert: 'tls/cert.pem', key: 'tls/key.pem' },
        text: ['message', 'log'],
      },
    },
    {
      title: 'GitHub webhooks behind a proxy',
      config: {
        protocols: ['github'],
        signatures: [{ scheme: 'github', key: 'secret:GITHUB_WEBHOOK' }],
      },
    },
  ],
  create: (config, host) =>
    receive(config.spool, host, async (spool) => (await startListener(config, host, spool)).close),
})

async function startListener(config: Options, host: SourceHost, spool: Spool): Promise<Listener> {
  const { limits, tls } = config
  const address = addressOf(config.listen)
  const serve = createResponder(config, host, spool)
  const listener = await listen(
    {
      ...{
        ...address,
        tls,
        connections: limits.connections,
        headerBytes: bytesOf(limits.headers),
        bodyBytes: bytesOf(limits.body),
      },
      ...{ headerMs: milliseconds(limits.headerTime), requestMs: milliseconds(limits.requestTime) },
    },
    host,
    serve,
  )
  const url = `${tls ? 'https' : 'http'}://${config.listen.replace(/:\d+$/, '')}:${listener.port}`
  host.log({ level: 'info', code: 'SOURCE_LISTENING', message: `${host.name} listens on ${url}.`, url })
  if (!tls && !isLoopback(address.host)) {
    const message = `${host.name} is reached from outside without TLS: tokens and logs can be read on the way.`
    host.log({ level: 'warn', code: 'SOURCE_UNENCRYPTED', message })
  }
  return listener
}
