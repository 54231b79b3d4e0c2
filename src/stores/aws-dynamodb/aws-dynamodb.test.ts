import { storeContract } from '../../testing/store-contract.ts'
import { memoryBlobs, memoryTable } from './fixture.ts'
import { storeOn } from './index.ts'

const day = 24 * 3_600_000
const kept = { alertsMs: 90 * day, quarantineMs: 30 * day, hitsMs: 14 * day }

storeContract('DynamoDB store', async () => {
  const table = memoryTable()
  const blobs = memoryBlobs()
  const open = () => storeOn({ table, cluster: 'prod', blobs, kept })
  return { store: open(), again: async () => open() }
})
