import { storeContract } from '../testing/store-contract.ts'
import { createMemoryStore } from './memory.ts'

storeContract('memory store', async () => ({ store: createMemoryStore() }))
