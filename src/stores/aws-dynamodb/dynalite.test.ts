import { afterAll, test } from 'vitest'
import { storeContract } from '../../testing/store-contract.ts'
import { memoryBlobs, startDynamo } from './fixture.ts'
import { openDynamoStore } from './index.ts'

/** Minutes long, for every write goes through a server: `STREAMALERT_DYNALITE=1 npx vitest run src/stores/aws-dynamodb --testTimeout 600000`. */
const isAsked = process.env['STREAMALERT_DYNALITE'] === '1'

const day = 24 * 3_600_000
const kept = { alertsMs: 90 * day, quarantineMs: 30 * day, hitsMs: 14 * day }

if (isAsked) {
  const dynamo = await startDynamo()
  afterAll(() => dynamo.close())
  storeContract('DynamoDB store (dynalite)', async () => {
    const table = await dynamo.table()
    const blobs = memoryBlobs()
    const open = () => openDynamoStore({ client: dynamo.client(), table, cluster: 'prod', blobs, kept })
    return { store: open(), again: async () => open() }
  })
} else test.skip('the contract of stores on dynalite: set STREAMALERT_DYNALITE=1', () => {})
