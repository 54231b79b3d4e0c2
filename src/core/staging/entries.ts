import type { StateEntry } from '../contracts/index.ts'
import type { Lives, RuleLife } from './life.ts'

/** Where the state keeps the lives of rules. Those of rules that are gone stay: who comes back is not new. */
export const lifePrefix = 'rule:'

export const writeLives = (lives: Lives): StateEntry[] =>
  [...lives].map(([rule, life]) => ({ key: lifePrefix + rule, value: JSON.stringify(life) }))

export const readLives = (entries: readonly StateEntry[]): Map<string, RuleLife> =>
  new Map(entries.map(({ key, value }) => [key.slice(lifePrefix.length), JSON.parse(value) as RuleLife]))
