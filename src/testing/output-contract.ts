import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { OutputKind } from '../core/component.ts'
import type { Alert, LogLine, Output } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { type Answer, type ReceivedRequest, startServer } from './http-server.ts'
import { createOutputHost } from './output-host.ts'
import { messageOf, sampleAlert } from './sample-alert.ts'

export interface HttpOutputContract {
  readonly kind: OutputKind
  /** A configuration, as a user writes it, that sends to the server at `url` and uses every secret. */
  readonly config: (url: string) => unknown
  /** Secret name → value. Values must be long and unlike anything else, for they are looked for in errors and logs. */
  readonly secrets: Readonly<Record<string, string>>
  /** The request that the vendor's documentation asks for. `body`: what was sent, for signatures over it. */
  readonly request: (alert: Alert, body: string) => ExpectedRequest
  /** What the vendor answers when all is well. Default: 200. */
  readonly success?: Answer
  /** Answers to the requests that follow the first within one send, where all is well. */
  readonly then?: readonly Answer[]
  readonly alert?: Alert
}

export interface ExpectedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case; others may come along. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, read as JSON. */
  readonly json: unknown
}

/** What every output that speaks HTTP keeps to, against a real server on the loopback interface. */
export function httpOutputContract(contract: HttpOutputContract): void {
  const { kind, success = { status: 200 }, then = [], alert = sampleAlert } = contract
  const well = [success, ...then]

  /** Sends the alert as often as it says to a server that answers so; gives what each try came to, and what the server got. */
  async function trial(answers: readonly Answer[], { sends = 1, tls = false, timeoutMs = 10_000 } = {}) {
    await using server = await startServer(answers, { tls })
    const lines: LogLine[] = []
    const output = createOutput(contract, server.url, lines)
    const errors: (CodedError | undefined)[] = []
    for (let n = 0; n < sends; n++)
      errors.push(await failureOf(output.send(messageOf(alert), AbortSignal.timeout(timeoutMs))))
    await output.close?.()
    const said = inspect([errors, lines], { depth: 10 })
    for (const secret of Object.values(contract.secrets)) expect(said).not.toContain(secret)
    return { errors, error: errors[0], requests: server.requests }
  }

  describe(`output ${kind.name}`, () => {
    test('sends the request that the vendor asks for', async () => {
      const { error, requests } = await trial(well)
      expect(error).toBeUndefined()
      expect(requests).toHaveLength(well.length)
      const [{ method, path, headers, body }] = requests as [ReceivedRequest, ...ReceivedRequest[]]
      const expected = contract.request(alert, body)
      expect({ method, path, json: JSON.parse(body) as unknown }).toEqual({
        method: expected.method,
        path: expected.path,
        json: expected.json,
      })
      expect(headers).toMatchObject(expected.headers)
    })

    test('sends the same request when the same alert is sent again', async () => {
      const { requests } = await trial([...well, ...well], { sends: 2 })
      expect(requests).toHaveLength(2 * well.length)
      expect(requests[well.length]?.body).toBe(requests[0]?.body)
    })

    test('too many requests: later, when the vendor says', async () => {
      const { error } = await trial([{ status: 429, headers: { 'retry-after': '37' } }])
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later', retryAfterMs: 37_000 })
    })

    test.each([500, 502, 503, 504])('%d: later; and the next try succeeds', async (status) => {
      const { errors } = await trial([{ status, body: 'oops' }, ...well], { sends: 2 })
      expect(errors[0]).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
      expect(errors[1]).toBeUndefined()
    })

    test.each([400, 401, 403, 404])('%d: never again', async (status) => {
      const { error } = await trial([{ status, body: 'no such thing' }])
      expect(error?.retry).toBe('never')
      expect(error?.message).toContain(String(status))
    })

    test('secrets that the far end repeats are not told', async () => {
      const body = `unknown key ${Object.values(contract.secrets).join(' and ')}`
      const { error } = await trial([{ status: 400, body }])
      expect(error).toBeDefined()
    })

    test('a redirect is not followed', async () => {
      await using other = await startServer([{ status: 200 }])
      const { error } = await trial([{ status: 307, headers: { location: other.url } }])
      expect(error?.retry).toBe('never')
      expect(other.requests).toEqual([])
    })

    test('no answer: ends when told to', async () => {
      const { error } = await trial(['hang'], { timeoutMs: 200 })
      expect(error).toBeDefined()
    })

    test('a connection that breaks off: later', async () => {
      const { errors } = await trial(['reset', ...well], { sends: 2 })
      expect(errors[0]).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
      expect(errors[1]).toBeUndefined()
    })

    test('nobody there: later', async () => {
      const server = await startServer([])
      await server[Symbol.asyncDispose]()
      const output = createOutput(contract, server.url, [])
      const error = await failureOf(output.send(messageOf(alert), AbortSignal.timeout(10_000)))
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
    })

    test('a server whose certificate nobody vouches for gets nothing', async () => {
      const { error, requests } = await trial(well, { tls: true })
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
      expect(error?.message).toMatch(/certificate/i)
      expect(requests).toEqual([])
    })
  })
}

/** The output of a contract, with surroundings that are real where it matters. */
function createOutput({ kind, config, secrets }: HttpOutputContract, url: string, lines: LogLine[]): Output {
  const host = createOutputHost({ name: `${kind.name}:contract`, secrets, lines })
  return kind.create(kind.config.parse(config(url)), host)
}

/** What a send failed with. Outputs throw nothing but coded errors: anything else fails the test. */
async function failureOf(sending: Promise<unknown>): Promise<CodedError | undefined> {
  try {
    await sending
    return undefined
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
}
