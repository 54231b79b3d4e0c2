import { expect, test } from 'vitest'
import { schemas } from '../../../schemas/index.ts'
import { deliveryStreamName } from './delivery-streams.ts'

test('names are bounded and apart, and begin with their cluster and a dot', () => {
  const place = { prefix: 'a'.repeat(20), cluster: 'c'.repeat(16) }
  const names = schemas.map(({ name }) => deliveryStreamName(place, name))
  expect(new Set(names).size).toBe(schemas.length)
  for (const name of names) expect(name).toMatch(/^a{20}-c{16}\.[\w-]{1,26}$/)
  expect(deliveryStreamName({ prefix: 'acme', cluster: 'prod' }, 'cloudtrail:events')).toBe(
    'acme-prod.cloudtrail_events',
  )
  expect(deliveryStreamName({ prefix: 'acme', cluster: 'prod' }, 'a:name that is longer than most')).toMatch(
    /^acme-prod\.a_name_that_is_lo-[0-9a-f]{8}$/,
  )
})
