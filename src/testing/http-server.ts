import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { untrustedCertificate, untrustedKey } from './untrusted-certificate.ts'

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the server does with a request: an answer, or nothing at all (`hang`), or an end of the connection (`reset`). */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'reset'
  /** A status of success, and then the connection ends in the middle of the body. */
  | 'half'

/** A real server on the loopback interface. Give it to `await using`. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
}

/** Answers requests one after another; the last answer stands for all that follow. `tls`: with a certificate nobody vouches for. */
export async function startServer(answers: readonly Answer[], { tls = false } = {}): Promise<TestServer> {
  const requests: ReceivedRequest[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push(await receive(request))
    give(answers[Math.min(requests.length, answers.length) - 1] ?? { status: 200 }, response)
  }
  const listener: RequestListener = (request, response) => void handle(request, response)
  const server = tls
    ? createTlsServer({ cert: untrustedCertificate, key: untrustedKey }, listener)
    : createServer(listener)
  // A client that refuses the certificate ends the handshake: that is what the test wants.
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
  }
}

function give(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
  } else if (answer === 'half') {
    response.writeHead(200, { 'content-length': '100' }).write('the beginning', () => response.socket?.destroy())
  } else {
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }
}
