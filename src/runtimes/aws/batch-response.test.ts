import { expect, test } from 'vitest'
import { queueResponse, streamResponse } from './batch-response.ts'

test('messages come again by their ids, each once', () => {
  expect(queueResponse([])).toEqual({ batchItemFailures: [] })
  expect(queueResponse(['a', 'b', 'a'])).toEqual({
    batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }],
  })
})

test('a stream comes again from the lowest number on, compared as a number', () => {
  expect(streamResponse([])).toEqual({ batchItemFailures: [] })
  const numbers = [
    '49668899999999999999999999999999999999999999999999999999',
    '9',
    '10',
    '49590338271490256608559692538361571095921575989136588898',
  ]
  expect(streamResponse(numbers)).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] })
})
