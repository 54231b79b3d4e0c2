import { describe } from 'vitest'
import { alertContract } from './store/alerts.ts'
import { deliveryContract } from './store/deliveries.ts'
import { orderContract } from './store/orders.ts'
import { keepingContract } from './store/keeping.ts'
import { rateContract } from './store/rates.ts'
import type { OpenStore } from './store/samples.ts'
import { updateContract } from './store/updates.ts'
import { windowContract } from './store/windows.ts'

export type { OpenedStore, OpenStore } from './store/samples.ts'

/**
 * What every store keeps to: hits become the same alerts in whatever order they come, nothing is stored twice, a delivery
 * is in one hand at a time, and what is kept has a bound. `open` gives an empty store each time.
 */
export function storeContract(name: string, open: OpenStore): void {
  describe(`${name} keeps the contract of stores`, () => {
    alertContract(open)
    windowContract(open)
    orderContract(open)
    deliveryContract(open)
    updateContract(open)
    rateContract(open)
    keepingContract(open)
  })
}
