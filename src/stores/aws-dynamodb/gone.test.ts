import { expect, test } from 'vitest'
import { CodedError } from '../../core/errors.ts'
import { commitOf, sampleEntry, sampleHit, start } from '../../testing/store/samples.ts'
import { memoryBlobs, memoryTable } from './fixture.ts'
import { storeOn } from './index.ts'

test('what a bucket has swept costs the rest of a list nothing; a bucket that does not answer is told', async () => {
  const blobs = memoryBlobs()
  let retry: 'never' | 'later' | undefined
  const store = storeOn({
    ...{ table: memoryTable(), cluster: 'prod', kept: { alertsMs: 1e12, quarantineMs: 1e12, hitsMs: 1e12 } },
    blobs: {
      put: blobs.put,
      async get(key) {
        if (retry) throw new CodedError('STORE_FAILED', 'AWS: AccessDenied', { retry })
        return blobs.get(key)
      },
    },
  })
  const large = sampleHit({ n: 2, data: { pad: 'x'.repeat(200_000) } })
  const quarantine = [sampleEntry(1), sampleEntry(2, { raw: new Uint8Array(10_000) })]
  await store.commit(commitOf({ hits: [sampleHit({ n: 1 }), large], quarantine }))
  await store.settle([{ alert: large.id, output: 'file:alerts', state: 'dead', error: 'no' }], start)
  const pads = async () => (await store.alerts({ limit: 9 })).map(({ alert }) => Object.keys(alert.record.data)[0])
  expect(await pads()).toEqual(['pad', 'host'])
  expect(await store.quarantine({ limit: 9 })).toHaveLength(2)
  retry = 'never'
  expect(await pads()).toEqual(['streamalert:left-out', 'host'])
  expect((await store.alert(large.id))?.alert).toMatchObject({ id: large.id, record: { schema: 'vendor:type' } })
  expect(await store.deadDeliveries({ limit: 9 })).toHaveLength(1)
  expect((await store.quarantine({ limit: 9 })).map(({ id }) => id)).toEqual([quarantine[0]!.id])
  expect(await store.quarantine({ limit: 9, light: true })).toHaveLength(2)
  retry = 'later'
  await expect(store.alerts({ limit: 9 })).rejects.toMatchObject({ code: 'STORE_FAILED' })
  await expect(store.quarantine({ limit: 9 })).rejects.toMatchObject({ code: 'STORE_FAILED' })
})
