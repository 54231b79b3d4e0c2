import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { OutputKind } from '../core/component.ts'
import type { Alert, LogLine, Message, Output } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { type Answer, type ReceivedRequest, startServer } from './http-server.ts'
import { createOutputHost } from './output-host.ts'
import { largeAlert, messageOf, sampleAlert, sampleUpdate } from './sample-alert.ts'

export interface HttpOutputContract {
  readonly kind: OutputKind
  /** A configuration, as a user writes it, that sends to the server at `url` and uses every secret. */
  readonly config: (url: string) => unknown
  /** Secret name → value. Values must be long and unlike anything else, for they are looked for in errors and logs. */
  readonly secrets: Readonly<Record<string, string>>
  /** What the vendor's documentation asks for: one request, or all that one send makes. `body`: what was sent first, for signatures over it. */
  readonly request: (alert: Alert, body: string) => ExpectedRequest | readonly ExpectedRequest[]
  /** What the vendor answers when all is well. Default: 200. */
  readonly success?: Answer
  /** Answers to the requests that follow the first within one send, where all is well. */
  readonly then?: readonly Answer[]
  /** What a send answers when all is well. Default: nothing. */
  readonly receipt?: string
  readonly alert?: Alert
  /** Statuses with which the vendor refuses for good. Default: 400, 401, 403, 404. */
  readonly refusals?: readonly number[]
  /** How an update of that alert reaches the same incident, thread or issue, given the receipt. */
  readonly update?: ExpectedUpdate
  /** Bytes of a body that the vendor takes. A larger alert is cut to it, and the request says where the whole is. */
  readonly largestBody?: number
}

export interface ExpectedUpdate {
  /** Default: the sample alert's. */
  readonly alert?: Alert
  /** Default: 200 each time. */
  readonly answers?: readonly Answer[]
  readonly requests: readonly ExpectedRequest[]
}

export interface ExpectedRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Names in lower case; others may come along. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body, read as JSON; undefined: no body. */
  readonly json?: unknown
  /** The body, where it is not JSON. */
  readonly text?: string
}

/** What every output that speaks HTTP keeps to, against a real server on the loopback interface. */
export function httpOutputContract(contract: HttpOutputContract): void {
  const { kind, success = { status: 200 }, then = [], alert = sampleAlert, receipt, update, largestBody } = contract
  const { refusals = [400, 401, 403, 404] } = contract
  const well = [success, ...then]

  /** Sends an alert as often as it says to a server that answers so; gives what each try came to, and what the server got. */
  async function trial(answers: readonly Answer[], options: Trial = {}) {
    const { sends = 1, tls = false, timeoutMs = 10_000, message = messageOf(alert) } = options
    await using server = await startServer(answers, { tls })
    const lines: LogLine[] = []
    const output = createOutput(contract, server.url, lines)
    const results: Result[] = []
    for (let n = 0; n < sends; n++) results.push(await resultOf(output.send(message, AbortSignal.timeout(timeoutMs))))
    await output.close?.()
    const errors = results.map(({ error }) => error)
    const said = inspect([errors, lines], { depth: 10 })
    for (const secret of Object.values(contract.secrets)) expect(said).not.toContain(secret)
    return { errors, error: errors[0], receipt: results[0]?.receipt, requests: server.requests }
  }

  describe(`output ${kind.name}`, () => {
    test('sends the request that the vendor asks for', async () => {
      const result = await trial(well)
      expect(result.error).toBeUndefined()
      expect(result.receipt).toBe(receipt)
      const expected = contract.request(alert, result.requests[0]?.body ?? '')
      expect(result.requests).toHaveLength(well.length)
      expectRequests(result.requests, Array.isArray(expected) ? expected : [expected as ExpectedRequest])
    })

    test.runIf(update)('an update goes where the alert went', async () => {
      const message = {
        ...messageOf(update?.alert ?? sampleUpdate),
        ...(receipt !== undefined && { earlier: receipt }),
      }
      const { error, requests } = await trial(update?.answers ?? [{ status: 200 }], { message })
      expect(error).toBeUndefined()
      expect(requests).toHaveLength(update!.requests.length)
      expectRequests(requests, update!.requests)
    })

    test.runIf(update)('an update of an alert that never came here is sent all the same', async () => {
      const { error, requests } = await trial(well, { message: messageOf(update?.alert ?? sampleUpdate) })
      expect(error).toBeUndefined()
      expect(requests.length).toBeGreaterThan(0)
    })

    test.runIf(then.length > 0)('a later request that fails: later; and the next try succeeds', async () => {
      for (let n = 1; n < well.length; n++) {
        const { errors } = await trial([...well.slice(0, n), { status: 503 }, ...well], { sends: 2 })
        expect(errors[0]).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
        expect(errors[1]).toBeUndefined()
      }
    })

    test.runIf(largestBody)('an alert that is too large is cut, and says where the whole is', async () => {
      const { error, requests } = await trial(well, {
        message: messageOf(largeAlert(Math.ceil(largestBody! / 300_000))),
      })
      expect(error).toBeUndefined()
      for (const { body } of requests) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(largestBody!)
      const saysWhere = requests.some(({ body }) => body.includes(`streamalert alerts show ${alert.id}`))
      expect(saysWhere).toBe(true)
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

    test('500, 502, 503, 504: later; and the next try succeeds', async () => {
      const failing = [500, 502, 503, 504].map((status) => ({ status, body: 'oops' }))
      const { errors } = await trial([...failing, ...well], { sends: failing.length + 1 })
      for (const error of errors.slice(0, -1))
        expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
      expect(errors.at(-1)).toBeUndefined()
    })

    test(`${refusals.join(', ')}: never again`, async () => {
      const answers = refusals.map((status) => ({ status, body: 'no such thing' }))
      const { errors } = await trial(answers, { sends: refusals.length })
      for (const [n, error] of errors.entries()) {
        expect(error?.retry).toBe('never')
        expect(error?.message).toContain(String(refusals[n]))
      }
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
      const { error } = await trial(['hang'], { timeoutMs: 60 })
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
      const { error } = await resultOf(output.send(messageOf(alert), AbortSignal.timeout(10_000)))
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

interface Trial {
  readonly sends?: number
  readonly tls?: boolean
  readonly timeoutMs?: number
  readonly message?: Message
}

interface Result {
  readonly receipt?: string | undefined
  readonly error?: CodedError | undefined
}

/** What a send came to. Outputs throw nothing but coded errors: anything else fails the test. */
async function resultOf(sending: ReturnType<Output['send']>): Promise<Result> {
  try {
    return { receipt: (await sending) ?? undefined }
  } catch (error) {
    if (error instanceof CodedError) return { error }
    throw error
  }
}

function expectRequests(requests: readonly ReceivedRequest[], expected: readonly ExpectedRequest[]): void {
  for (const [n, { method, path, headers = {}, json, text }] of expected.entries()) {
    const request = requests[n]!
    const body =
      text === undefined ? { json: request.body === '' ? undefined : JSON.parse(request.body) } : { text: request.body }
    expect({ method: request.method, path: request.path, ...body }).toEqual({
      method,
      path,
      ...(text === undefined ? { json } : { text }),
    })
    expect(request.headers).toMatchObject(headers)
  }
}
