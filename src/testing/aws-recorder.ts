import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call of an SDK, as it went over the wire. */
export interface WireCall {
  /** The access key that it was signed with. */
  readonly key: string
  /** As the signature names it: `dynamodb`, `s3`, `ses`. */
  readonly service: string
  readonly region: string
  /** Of protocols that name it in a header, such as `PutItem`; else the method, such as `GET`. */
  readonly operation: string
  readonly path: string
  readonly query: URLSearchParams
  /** The body as it came. */
  readonly body: string
  /** Of the answer. */
  readonly status: number
}

export interface AwsRecorder extends AsyncDisposable {
  /** `http://127.0.0.1:port`: the address of every service. */
  readonly url: string
  /** In the order of the answers. */
  readonly calls: readonly WireCall[]
}

/**
 * Stands between SDKs and the servers of a test, and writes down every call that is signed
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html), whoever makes it. `servers`: service → its address; a call of
 * another service is answered by 501. Give it to `await using`.
 */
export async function startAwsRecorder(servers: Readonly<Record<string, string>>): Promise<AwsRecorder> {
  const calls: WireCall[] = []
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { key, service, region } = scopeOf(incoming.headers.authorization)
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
    const target = String(incoming.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1)
    const note = (status: number) =>
      calls.push({
        ...{ key, service, region, operation: target || String(incoming.method), status },
        ...{ path: url.pathname, query: url.searchParams, body: body.toString() },
      })
    const server = servers[service]
    if (server === undefined) {
      note(501)
      response.writeHead(501).end()
      return
    }
    const { method = 'GET', headers } = incoming
    const passed = request(new URL(incoming.url ?? '/', server), { method, headers }, (answer) => {
      note(answer.statusCode ?? 0)
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    passed.end(body)
  }
  const server = createServer((incoming, response) => void handle(incoming, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** `AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/s3/aws4_request, …` */
function scopeOf(authorization = '') {
  const found = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(authorization) ?? []
  const [, key = '', region = '', service = ''] = found
  return { key, region, service }
}
