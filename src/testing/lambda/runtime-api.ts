import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What became of an invocation: the answer as it came, or the error that the runtime tells. */
export type Answer = { readonly result: unknown } | { readonly error: FunctionError }

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror */
export interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
}

export interface RuntimeApi extends AsyncDisposable {
  /** `127.0.0.1:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string
  /** Gives an event to the runtime that asks next, with so much time. */
  invoke(event: unknown, timeoutMs: number): Promise<Answer>
  /** Ends all invocations that wait for an answer: the runtime is gone. */
  fail(error: FunctionError): void
}

interface Waiting {
  readonly id: string
  readonly event: unknown
  readonly deadline: number
  readonly done: (answer: Answer) => void
}

/** The server that a runtime of Lambda talks to: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const queue: Waiting[] = []
  const underWay = new Map<string, Waiting>()
  const asking: ServerResponse[] = []

  function hand(): void {
    while (queue.length > 0 && asking.length > 0) {
      const next = queue.shift()!
      underWay.set(next.id, next)
      const headers = {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': next.id,
        'lambda-runtime-deadline-ms': String(next.deadline),
        'lambda-runtime-invoked-function-arn': functionArn,
      }
      asking.shift()!.writeHead(200, headers).end(JSON.stringify(next.event))
    }
  }

  function fail(error: FunctionError): void {
    for (const { done } of [...queue.splice(0), ...underWay.values()]) done({ error })
    underWay.clear()
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [version, , what, id, end] = (request.url ?? '').split('/').slice(1)
    if (version !== '2018-06-01') return void response.writeHead(404).end()
    if (id === 'next') {
      asking.push(response)
      return hand()
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown
    response.writeHead(202).end()
    if (what === 'init') return fail(body as FunctionError)
    const invocation = underWay.get(id ?? '')
    underWay.delete(id ?? '')
    invocation?.done(end === 'error' ? { error: body as FunctionError } : { result: body })
  }

  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail,
    invoke: (event, timeoutMs) =>
      new Promise((done) => {
        queue.push({ id: randomUUID(), event, deadline: Date.now() + timeoutMs, done })
        hand()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
