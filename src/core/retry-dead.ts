import type { AlertStore } from './contracts/index.ts'

/** Which dead deliveries are to be tried again; all when nothing is said. */
export interface DeadSelection {
  readonly output?: string
  readonly rule?: string
  /** Ids of alerts. */
  readonly alerts?: readonly string[]
}

const atOnce = 500

/**
 * Puts dead deliveries back in line, with tries and age counted anew; answers how many. Those that die again meanwhile are
 * left. `now`: epoch milliseconds. `most`: where there are more, some are left for another call.
 */
export async function retryDead(
  store: Pick<AlertStore, 'deadDeliveries' | 'settle'>,
  { alerts, ...which }: DeadSelection,
  now: number,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0
  for (const alert of alerts ?? [undefined]) {
    const query = { ...which, ...(alert !== undefined && { alert }), before: now, limit: Math.min(atOnce, most) }
    while (count < most) {
      const found = await store.deadDeliveries(query)
      if (found.length === 0) break
      const back = found.map(({ alert: { id }, output }) => ({ alert: id, output, state: 'pending' }) as const)
      await store.settle(back, now)
      count += back.length
    }
  }
  return count
}
