import type { StateStore } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { lifePrefix } from './entries.ts'
import { promote, type RuleLife, stage } from './life.ts'

/** What a person asks for. `stage`: for `forMs` milliseconds, or else until it is promoted. */
export type StagingChange =
  | { readonly action: 'stage'; readonly rule: string; readonly forMs?: number }
  | { readonly action: 'promote'; readonly rule: string }

export interface Changed {
  readonly life: RuleLife
  /** False: it was so already. */
  readonly changed: boolean
}

export interface ChangeOptions {
  /** Epoch milliseconds. */
  readonly now: number
  /** Alerts that a rule may raise while it is staged, and be promoted by itself. */
  readonly maxAlerts: number
}

/**
 * Changes the life of a rule where several may be at work on the state: what another decided meanwhile is looked at again. Throws NOT_FOUND for a
 * rule that never ran.
 */
export async function changeLife(
  store: Pick<StateStore, 'get' | 'set'>,
  change: StagingChange,
  { now, maxAlerts }: ChangeOptions,
): Promise<Changed> {
  const key = lifePrefix + change.rule
  for (;;) {
    const found = await store.get(key)
    if (found === undefined) {
      const hint = '"streamalert rules list" shows those that there are.'
      throw new CodedError('NOT_FOUND', `No rule "${change.rule}" runs here.`, { hint })
    }
    const life = JSON.parse(found) as RuleLife
    if (change.action === 'promote' && life.staged === undefined) return { life, changed: false }
    const next =
      change.action === 'stage'
        ? stage(life, { ...(change.forMs !== undefined && { forMs: change.forMs }), since: now, maxAlerts, by: 'hand' })
        : promote(life, 'hand', now)
    if (await store.set(key, JSON.stringify(next), { ifEquals: found })) return { life: next, changed: true }
  }
}
