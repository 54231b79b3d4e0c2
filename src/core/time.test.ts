import { expect, test } from 'vitest'
import { compilePath } from './paths.ts'
import { eventTime, parseTime } from './time.ts'

const reference = Date.UTC(2023, 6, 12)
const noon = Date.UTC(2023, 6, 10, 11, 45, 0)

test.for([
  ['2023-07-10T11:45:00Z', noon],
  ['2023-07-10T11:45:00.123Z', noon + 123],
  ['2023-07-10T11:45:00.123456789Z', noon + 123],
  ['2023-07-10T11:45:00.9Z', noon + 900],
  ['2023-07-10T13:45:00+02:00', noon],
  ['2023-07-10T13:45:00.5+0200', noon + 500],
  ['2023-07-10T06:15-05:30', noon],
  ['2023-07-10T11:45:00', noon],
  ['2023-07-10 11:45:00', noon],
  ['2023-07-10 11:45:00,250', noon + 250],
  ['2023-07-10 11:45:00 UTC', noon],
  ['2023-07-10 11:45:00 +0000', noon],
  ['2023/07/10 11:45:00', noon],
  ['20230710T114500Z', noon],
  ['20230710T114500', noon],
  ['2023-07-10', Date.UTC(2023, 6, 10)],
  ['2023-06-30T23:59:60Z', Date.UTC(2023, 6, 1)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  [1688989500, noon],
  [1688989500.25, noon + 250],
  [1688989500123, noon + 123],
  [1688989500123456, noon + 123],
  [1688989500123456789, noon + 123],
  [0, 0],
  ['1688989500', noon],
  ['1688989500.5', noon + 500],
  ['1688989500123', noon + 123],
  ['1688989500123456789', noon + 123],
  ['Jul 10 11:45:00', noon],
  ['Jul  1 11:45:00', Date.UTC(2023, 6, 1, 11, 45)],
  ['Jul 10 11:45:00.123', noon + 123],
  ['Jul 10 2023 11:45:00', noon],
  ['Jul 10 2023 11:45:00.5 UTC', noon + 500],
  ['Mon Jul 10 11:45:00 2023', noon],
  ['Mon Jul 10 11:45:00.123456 2023', noon + 123],
  ['Mon Jul 10 11:45:00 2023 UTC', noon],
  ['Mon Jul 10 11:45:00 UTC 2023', noon],
  ['Mon, 10 Jul 2023 11:45:00 +0000', noon],
  ['Mon, 10 Jul 2023 07:45:00 EDT', noon],
  ['10 Jul 2023 11:45:00 GMT', noon],
  ['10/Jul/2023:11:45:00 +0000', noon],
  ['[10/Jul/2023:13:45:00 +0200]', noon],
] as const)('%s is a time', ([text, time]) => {
  expect(parseTime(text, reference)).toBe(time)
})

test.for([
  '',
  'yesterday',
  '2023-13-01T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2023-07-32',
  '2023-07-10T25:00:00Z',
  '2023-07-10T11:60:00Z',
  '2023-07-10T1a:45:00Z',
  '2023-07-10T11:45:00.Z',
  '2023-07-10T11:45:00.12x4Z',
  '2023-7-10',
  '80',
  '12345678',
  'Foo 10 11:45:00',
  'Jul 32 11:45:00',
  '10/Foo/2023:11:45:00 +0000',
  `2023-07-10T11:45:00.${'1'.repeat(100)}Z`,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e30,
  null,
  undefined,
  true,
  {},
  ['2023-07-10T11:45:00Z'],
] as const)('%j is none', (value) => {
  expect(parseTime(value, reference)).toBeUndefined()
})

test('a time without a year is the latest that is not ahead', () => {
  const newYear = Date.UTC(2024, 0, 1, 0, 10)
  expect(parseTime('Dec 31 23:59:59', newYear)).toBe(Date.UTC(2023, 11, 31, 23, 59, 59))
  expect(parseTime('Jan  1 00:20:00', newYear)).toBe(Date.UTC(2024, 0, 1, 0, 20))
  expect(parseTime('Jan  1 12:00:00', Date.UTC(2023, 11, 31, 23))).toBe(Date.UTC(2024, 0, 1, 12))
  expect(parseTime('Feb 29 12:00:00', Date.UTC(2023, 5, 1))).toBe(Date.UTC(2020, 1, 29, 12))
})

test('the event time is what stands at its path, however old', () => {
  const path = compilePath('meta.time')
  expect(eventTime({ meta: { time: '2023-07-10T11:45:00Z' } }, path, reference)).toEqual({ time: noon })
  expect(eventTime({ meta: { time: '1999-01-01' } }, path, reference)).toEqual({ time: Date.UTC(1999, 0, 1) })
})

test('without a usable time, or with one too far ahead, a record has the time of its receipt', () => {
  const path = compilePath('time')
  expect(eventTime({}, path, 1000)).toEqual({ time: 1000, retimed: 'missing' })
  expect(eventTime({ time: null }, path, 1000)).toEqual({ time: 1000, retimed: 'missing' })
  expect(eventTime({ time: 'x' }, undefined, 1000)).toEqual({ time: 1000, retimed: 'missing' })
  expect(eventTime({ time: 'soon' }, path, 1000)).toEqual({ time: 1000, retimed: 'unreadable' })
  expect(eventTime({ time: noon + 300_000 }, path, noon)).toEqual({ time: noon + 300_000 })
  expect(eventTime({ time: noon + 300_001 }, path, noon)).toEqual({ time: noon, retimed: 'ahead' })
})
