import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { OutputKind } from '../core/component.ts'
import type { LogLine, Message } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { type Answer, startServer } from './http-server.ts'
import { createOutputHost } from './output-host.ts'
import { messageOf, sampleAlert } from './sample-alert.ts'

/** Options of any AWS output for a service at `endpoint` of a test. */
export const testAws = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'secret:KEY_ID', secretAccessKey: 'secret:KEY' },
})

/** Values behind the names in `testAws`, unlike anything else. */
const secrets = { KEY_ID: 'AKIAN0B0DYKN0WS', KEY: 'a-secret-access-key-nobody-knows' }

/** Sends a message by an output of that kind; answers what `send` did. Nothing it logs or throws may hold a secret. */
export async function sendByAws(
  kind: OutputKind,
  config: unknown,
  message: Message = messageOf(sampleAlert),
  signal = AbortSignal.timeout(10_000),
): Promise<string | undefined> {
  const lines: LogLine[] = []
  const output = kind.create(kind.config.parse(config), createOutputHost({ name: `${kind.name}:test`, secrets, lines }))
  let thrown: unknown
  try {
    return (await output.send(message, signal)) ?? undefined
  } catch (error) {
    thrown = error
    throw error
  } finally {
    await output.close?.()
    const said = inspect([thrown, lines], { depth: 10 })
    for (const secret of Object.values(secrets)) expect(said).not.toContain(secret)
  }
}

/** What every output that talks to AWS keeps to when the far end does not do as it should. `config`: for a service at `url`. */
export function awsOutputContract(kind: OutputKind, config: (url: string) => unknown): void {
  /** What one send comes to at a server that gives this answer. */
  async function failure(answer: Answer, { tls = false, timeoutMs = 10_000 } = {}) {
    await using server = await startServer([answer], { tls })
    try {
      await sendByAws(kind, config(server.url), messageOf(sampleAlert), AbortSignal.timeout(timeoutMs))
    } catch (error) {
      if (error instanceof CodedError) return { error, requests: server.requests.length }
      throw error
    }
    throw new Error('the output says that it was sent')
  }

  describe(`output ${kind.name}`, () => {
    test.each([
      ['a fault of the service', { status: 500 }, 'OUTPUT_UNAVAILABLE', 'later'],
      ['too many requests', { status: 429 }, 'OUTPUT_UNAVAILABLE', 'later'],
      ['a connection that breaks off', 'reset', 'OUTPUT_UNAVAILABLE', 'later'],
      ['no permission', { status: 403 }, 'OUTPUT_MISCONFIGURED', 'never'],
      ['no such thing', { status: 404 }, 'OUTPUT_MISCONFIGURED', 'never'],
      ['a refusal', { status: 400, body: `{"message":"${secrets.KEY_ID}"}` }, 'OUTPUT_REJECTED', 'never'],
    ] as const)('%s', async (_, answer, code, retry) => {
      const { error } = await failure(answer)
      expect(error).toMatchObject({ code, retry })
      expect(error.message).toMatch(/^AWS: ./)
    })

    test('a service that asks to wait is left alone that long, after one try', async () => {
      const { error, requests } = await failure({ status: 503, headers: { 'retry-after': '37' } })
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later', retryAfterMs: 37_000 })
      expect(requests).toBe(1)
    })

    test('no answer: ends when told to', async () => {
      const { error } = await failure('hang', { timeoutMs: 200 })
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
    })

    test('a server whose certificate nobody vouches for gets nothing', async () => {
      const { error, requests } = await failure({ status: 200 }, { tls: true })
      expect(error).toMatchObject({ code: 'OUTPUT_UNAVAILABLE' })
      expect(error.message).toMatch(/certificate/i)
      expect(requests).toBe(0)
    })
  })
}
