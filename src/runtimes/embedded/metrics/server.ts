import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { LogLine, Store } from '../../../core/contracts/index.ts'
import { messageOf, problemsOf } from '../../../core/errors.ts'
import { readSources } from '../../../core/health/index.ts'
import type { Config } from '../../../project/index.ts'
import { createAuth } from '../../../sources/http/auth.ts'
import { isRefused } from '../../../sources/http/exchange.ts'
import { addressOf } from '../../../sources/listen/address.ts'
import { bind } from '../../../sources/listen/bind.ts'
import type { Collector } from './collect.ts'
import { contentTypes, expose, formatFor } from './exposition.ts'

/** Answers `/metrics` and `/healthz`, where the configuration says so. */
export interface MetricsServer {
  /** This configuration holds from now on. What cannot be listened on is logged, and costs nothing else. */
  enter(metrics: Config['metrics'], secret: (name: string) => Promise<string>): Promise<void>
  /** The port that is listened on. */
  port(): number | undefined
  close(): Promise<void>
}

export interface MetricsHost {
  readonly collector: Pick<Collector, 'families'>
  readonly store: Pick<Store, 'get'>
  now(): number
  log(line: LogLine): void
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** An engine whose upkeep did not come round for so long hangs, or cannot write its state. Milliseconds. */
const staleMs = 30_000
const limits = { headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 16_384, keepAliveTimeout: 75_000 }
const connections = 20

export function createMetricsServer(host: MetricsHost): MetricsServer {
  let server: Server | undefined
  let entered = ''
  let auth: ReturnType<typeof createAuth>

  function port(): number | undefined {
    const address = server?.address()
    return typeof address === 'object' ? address?.port : undefined
  }

  async function close(): Promise<void> {
    const closing = server
    server = undefined
    if (!closing) return
    closing.closeAllConnections()
    await new Promise((resolve) => closing.close(resolve))
  }

  async function reply({ method = '', url = '', headers }: IncomingMessage): Promise<Reply> {
    const { pathname: path, searchParams: query } = URL.parse(url, 'http://localhost') ?? new URL('http://localhost')
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'Only GET is answered.')
    if (path === '/healthz') return health()
    if (path !== '/metrics') return plain(404, 'There are /metrics and /healthz.')
    const admitted = await auth.admit({ method, path, query, headers })
    if (admitted !== 'signature' && isRefused(admitted)) return plain(admitted.refusal.status, admitted.refusal.reason)
    const format = formatFor(headers.accept)
    return { status: 200, type: contentTypes[format], body: expose(await host.collector.families(), format) }
  }

  /** Says whether the engine is at work, and nothing else: for supervisors, without a token. */
  async function health(): Promise<Reply> {
    const report = await readSources(host.store)
    return report && host.now() - report.at < staleMs ? plain(200, 'ok') : plain(503, 'stale')
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    const { status, type, body } = await reply(request).catch((error: unknown) => plain(503, messageOf(error)))
    const bytes = Buffer.from(body)
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
    const head = { 'content-type': type, 'content-length': bytes.length, 'cache-control': 'no-store' }
    response.writeHead(status, { ...head, ...challenge }).end(request.method === 'HEAD' ? '' : bytes)
  }

  async function start({ listen }: NonNullable<Config['metrics']>): Promise<Server> {
    // Importing it loads all that a browser has, too: 40 ms that are only spent where metrics are wanted.
    const { createServer } = await import('node:http')
    const started = createServer(limits, (request, response) => {
      answer(request, response).catch(() => response.destroy())
    })
    started.maxConnections = connections
    await bind(started, addressOf(listen), { name: 'metrics' })
    started.on('error', (error) => host.log({ level: 'error', code: 'METRICS_FAILED', message: messageOf(error) }))
    // It keeps no process running that has nothing else to do.
    started.unref()
    return started
  }

  return {
    async enter(metrics, secret) {
      if (metrics) auth = createAuth({ tokens: metrics.tokens, signatures: [] }, { secret, now: host.now })
      if (server && metrics?.listen === entered) return
      await close()
      if (!metrics) return
      try {
        server = await start(metrics)
        entered = metrics.listen
        const url = `http://${entered.replace(/:\d+$/, '')}:${port()}/metrics`
        host.log({ level: 'info', code: 'METRICS_LISTENING', message: `Metrics are at ${url}.`, url })
      } catch (error) {
        const [problem] = problemsOf(error)
        host.log({
          level: 'error',
          code: 'METRICS_FAILED',
          message: `${problem!.message} ${problem!.hint ?? ''}`.trim(),
        })
      }
    },
    port,
    close,
  }
}

const plain = (status: number, text: string): Reply => ({
  ...{ status, type: 'text/plain; charset=utf-8', body: `${text}\n` },
})
