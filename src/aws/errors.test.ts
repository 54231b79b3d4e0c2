import { expect, test } from 'vitest'
import { CodedError } from '../core/errors.ts'
import { awsError } from './errors.ts'

const codes = {
  unavailable: 'OUTPUT_UNAVAILABLE',
  misconfigured: 'OUTPUT_MISCONFIGURED',
  rejected: 'OUTPUT_REJECTED',
} as const

/** An error as the SDK throws it. */
const sdkError = (name: string, status?: number, more: object = {}) =>
  Object.assign(new Error('Rate exceeded'), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
    ...more,
  })

test.each([
  ['ThrottlingException', 400, 'UNAVAILABLE'],
  ['TooManyRequestsException', 429, 'UNAVAILABLE'],
  ['SlowDown', 503, 'UNAVAILABLE'],
  ['LimitExceededException', 400, 'UNAVAILABLE'],
  ['ExpiredTokenException', 403, 'UNAVAILABLE'],
  ['InternalFailure', 500, 'UNAVAILABLE'],
  ['TimeoutError', undefined, 'UNAVAILABLE'],
  ['CredentialsProviderError', undefined, 'UNAVAILABLE'],
  ['AccessDeniedException', 400, 'MISCONFIGURED'],
  ['ResourceNotFoundException', 400, 'MISCONFIGURED'],
  ['NoSuchBucket', 404, 'MISCONFIGURED'],
  ['AWS.SimpleQueueService.NonExistentQueue', 400, 'MISCONFIGURED'],
  ['UnrecognizedClientException', 400, 'MISCONFIGURED'],
  ['SignatureDoesNotMatch', 403, 'MISCONFIGURED'],
  ['PermanentRedirect', 301, 'MISCONFIGURED'],
  ['TypeError', undefined, 'MISCONFIGURED'],
  ['ValidationException', 400, 'REJECTED'],
])('%s (%s) is OUTPUT_%s', (name, status, code) => {
  const coded = awsError(sdkError(name, status), codes)
  expect(coded.code).toBe(`OUTPUT_${code}`)
  expect(coded.retry).toBe(code === 'UNAVAILABLE' ? 'later' : 'never')
  expect(coded.message).toBe(`AWS: ${name}: Rate exceeded${status === undefined ? '' : ` (${status})`}`)
})

test('the time that a service asks for is kept', () => {
  const error = sdkError('SlowDown', 503, { $response: { headers: { 'retry-after': '37' } } })
  expect(awsError(error, codes).retryAfterMs).toBe(37_000)
})

test('secrets are not told, and errors of ours stay as they are', () => {
  const ours = new CodedError('SECRET_MISSING', 'The secret "KEY" has no value.')
  expect(awsError(ours, codes)).toBe(ours)
  expect(awsError(sdkError('X', 400), codes, (text) => text.replace('exceeded', '•••')).message).toBe(
    'AWS: X: Rate ••• (400)',
  )
  expect(awsError(new Error('Region is missing'), codes)).toMatchObject({
    code: 'OUTPUT_MISCONFIGURED',
    message: 'AWS: Region is missing',
    hint: 'Set the option "region", or AWS_REGION.',
  })
  expect(awsError('odd', codes)).toMatchObject({ code: 'OUTPUT_UNAVAILABLE', message: 'AWS: odd' })
})
