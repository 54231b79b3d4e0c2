import type { StateStore } from '../contracts/index.ts'
import type { Blind } from './blind.ts'
import type { Failing } from './failures.ts'
import type { Silent } from './silent.ts'

/** What an engine found when it last looked. */
export interface HealthReport {
  /** Epoch milliseconds. */
  readonly at: number
  readonly failing: readonly Failing[]
  readonly blind: readonly Blind[]
  /** Undefined: written before sources were listened for. */
  readonly silent?: readonly Silent[]
}

/** State entry: the latest report, as JSON. */
export const healthKey = 'health:report'
/** State entry: when records were first waited for, epoch milliseconds. */
export const sinceKey = 'health:since'

/** Undefined: no engine has looked yet. */
export async function readHealth(state: Pick<StateStore, 'get'>): Promise<HealthReport | undefined> {
  const text = await state.get(healthKey)
  return text === undefined ? undefined : (JSON.parse(text) as HealthReport)
}
