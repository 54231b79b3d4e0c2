import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as it arrived. */
export interface AwsCall {
  /** `PutRecord`, of `x-amz-target: Firehose_20150804.PutRecord`; for REST the method and the path with its query. */
  readonly operation: string
  /** The body, read as JSON; as text where it is none. */
  readonly input: unknown
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** What an operation throws to answer with an error of AWS. */
export interface AwsFault {
  /** `ThrottlingException` */
  readonly type: string
  /** Default 400. */
  readonly status?: number
  readonly message?: string
}

/** An operation: from its input to its output, or throws an AwsFault. */
export type AwsOperation = (input: never, call: AwsCall) => unknown

export interface AwsServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`, for the option `endpoint`. */
  readonly url: string
  readonly calls: readonly AwsCall[]
}

/**
 * A real server that speaks the JSON protocols of AWS (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html), for services that no emulator here knows. Checks no
 * signature. `operations`: by the names that `AwsCall.operation` has. Give it to `await using`.
 */
export async function startAwsServer(operations: Readonly<Record<string, AwsOperation>>): Promise<AwsServer> {
  const calls: AwsCall[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await receive(request)
    calls.push(call)
    answer(operations, call, response)
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function receive(request: IncomingMessage): Promise<AwsCall> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const target = headers['x-amz-target']?.split('.').at(-1)
  return { operation: target ?? `${request.method} ${request.url}`, input: jsonOrText(chunks), headers }
}

function jsonOrText(chunks: readonly Buffer[]): unknown {
  const text = Buffer.concat(chunks).toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function answer(operations: Readonly<Record<string, AwsOperation>>, call: AwsCall, response: ServerResponse): void {
  const json = { 'content-type': 'application/x-amz-json-1.1' }
  try {
    const operation = operations[call.operation]
    if (!operation) throw { type: 'UnknownOperationException', message: call.operation } satisfies AwsFault
    const output = operation(call.input as never, call) ?? {}
    response.writeHead(200, json).end(JSON.stringify(output))
  } catch (thrown) {
    const { type = 'InternalFailure', status = 400, message = String(thrown) } = thrown as Partial<AwsFault>
    response.writeHead(status, { ...json, 'x-amzn-errortype': type }).end(JSON.stringify({ __type: type, message }))
  }
}
