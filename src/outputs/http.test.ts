import { expect, test } from 'vitest'
import { type Answer, startServer } from '../testing/http-server.ts'
import { createOutputHost } from '../testing/output-host.ts'
import type { VendorRequest } from './shared/vendor.ts'
import { hideAddress, vendorSend } from './shared/vendor.ts'

const traits = { name: 'Acme', hints: { 404: 'The hook is gone.' }, limits: [420] }

/** What a request to a server that answers so comes to. */
async function call(answer: Answer, request: Partial<VendorRequest> = {}): Promise<unknown> {
  await using server = await startServer([answer])
  const vendor = vendorSend(createOutputHost(), AbortSignal.timeout(10_000), traits)
  return await vendor.call({ url: server.url, ...request }).catch((error: unknown) => error)
}

test.each([
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'ratelimit-reset': '30' }, 30_000],
  [{ 'x-ratelimit-reset': '1770112992' }, 60_000],
  [{ 'x-ratelimit-reset': 'later' }, undefined],
  [{ 'x-ratelimit-reset': '99999999999' }, undefined],
])('too many requests, with %j', async (headers, retryAfterMs) => {
  const given = Object.fromEntries(Object.entries(headers))
  expect(await call({ status: 429, headers: given })).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retryAfterMs })
})

test('an error names the vendor, what it says, and what to do', async () => {
  expect(await call({ status: 404, body: '<html><h1>No such hook</h1>\n<p>Bye</p></html>' })).toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    message: 'Acme answers 404 Not Found: No such hook Bye',
    hint: 'The hook is gone.',
  })
  expect(await call({ status: 420 })).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', retry: 'later' })
  expect(await call('reset')).toMatchObject({ message: expect.stringMatching(/^No answer from Acme: /) })
})

test('a page of nothing but brackets is read in no time', async () => {
  expect(await call({ status: 400, body: '<'.repeat(900_000) })).toMatchObject({ code: 'OUTPUT_REJECTED' })
})

test('an answer is JSON, or nothing', async () => {
  expect(await call({ status: 200, body: '{"id":7}' })).toEqual({ id: 7 })
  expect(await call({ status: 200, body: 'ok' })).toBeUndefined()
  expect(await call({ status: 204 })).toBeUndefined()
  expect(await call('half')).toBeUndefined()
})

test('an answer may be as good as success', async () => {
  const accept = (answer: unknown, status: number) => status === 409 && answer !== undefined
  expect(await call({ status: 409, body: '{"id":7}' }, { accept })).toEqual({ id: 7 })
  expect(await call({ status: 400, body: '{"id":7}' }, { accept })).toMatchObject({ code: 'OUTPUT_REJECTED' })
})

test('of a secret address, its path and the keys in it are secret too', () => {
  const hidden: string[] = []
  const hide = (text: string) => {
    hidden.push(text)
    return text
  }
  hideAddress('https://hooks.example.com/services/T0123456789/abcdefghijklmnopqrstuvwx?sig=1', hide)
  expect(hidden).toEqual([
    '/services/T0123456789/abcdefghijklmnopqrstuvwx?sig=1',
    'abcdefghijklmnopqrstuvwx',
    'https://hooks.example.com/services/T0123456789/abcdefghijklmnopqrstuvwx?sig=1',
  ])
  expect(hideAddress('nonsense', hide)).toBe('nonsense')
})

test('a password of basic authentication is not told in its other form', async () => {
  await using server = await startServer([{ status: 401, body: 'no user Ym9iOnMzY3IzdA==' }])
  const vendor = vendorSend(createOutputHost(), AbortSignal.timeout(10_000), traits)
  const authorization = vendor.basic('bob', await vendor.secret('s3cr3t'))
  expect(authorization).toBe('Basic Ym9iOnMzY3IzdA==')
  await expect(vendor.call({ url: server.url, headers: { authorization } })).rejects.toMatchObject({
    message: 'Acme answers 401 Unauthorized: no user •••',
  })
})
