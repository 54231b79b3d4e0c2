import { afterAll, describe } from 'vitest'
import { storeContract } from '../../testing/store-contract.ts'
import { memoryBlobs, startDynamo, type TestDynamo } from './fixture.ts'
import { openDynamoStore } from './index.ts'

/** Minutes long, for every write goes through a server: `STREAMALERT_DYNALITE=1 npx vitest run src/stores/aws-dynamodb --testTimeout 600000`. */
const isAsked = process.env['STREAMALERT_DYNALITE'] === '1'

const day = 24 * 3_600_000
const kept = { alertsMs: 90 * day, quarantineMs: 30 * day, hitsMs: 14 * day }

describe.skipIf(!isAsked)('on dynalite', () => {
  let dynamo: Promise<TestDynamo> | undefined
  afterAll(async () => (await dynamo)?.close())
  storeContract('DynamoDB store', async () => {
    const { table: makeTable, client } = await (dynamo ??= startDynamo())
    const table = await makeTable()
    const blobs = memoryBlobs()
    const open = () => openDynamoStore({ client: client(), table, cluster: 'prod', blobs, kept })
    return { store: open(), again: async () => open() }
  })
})
