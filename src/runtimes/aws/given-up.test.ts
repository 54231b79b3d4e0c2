import { expect, test } from 'vitest'
import { itemsGivenUp } from './given-up.ts'

const given = (record: object) => itemsGivenUp(Buffer.from(JSON.stringify(record)), 0)

test('a minute that was given up asks for nothing; what is no event is told', () => {
  expect(given({ requestPayload: { source: 'streamalert.schedule' } })).toEqual([])
  expect(() => given({ requestPayload: { what: 'ever' } })).toThrow('no record of what Lambda gave up')
  expect(() => given({})).toThrow('no record of what Lambda gave up')
})
