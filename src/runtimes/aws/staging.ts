import { hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { RuleInfo, RuleModes, Store } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import {
  enter,
  lifePrefix,
  type Lives,
  modesOf,
  readLives,
  type StagingConfig,
  writeLives,
} from '../../core/staging/index.ts'

/** What of a function decides how rules begin. */
export interface StagingHost {
  readonly store: Pick<Store, 'get' | 'set' | 'list' | 'commit'>
  /** Default: rules that are new are not staged. */
  readonly config?: StagingConfig
  now(): number
}

/** Which rules are staged, as the table of the cluster says. */
export interface LambdaStaging {
  modes(): RuleModes
  /** Lets rules begin where they are new, and reads what was decided meanwhile. To be called before records meet these rules. */
  refresh(rules: readonly RuleInfo[]): Promise<void>
}

/** How long it may take until a function that is at work hears that a rule was staged or promoted, milliseconds. */
const readEveryMs = 30_000

export function createStaging(host: StagingHost): LambdaStaging {
  let modes: RuleModes = { staged: new Set(), promoted: new Set() }
  let entered = false
  let readAt = 0
  return {
    modes: () => modes,
    async refresh(rules) {
      const at = host.now()
      if (entered && at - readAt < readEveryMs) return
      modes = modesOf(entered ? await livesIn(host) : await enterRules(rules, host))
      entered = true
      readAt = at
    },
  }
}

const livesIn = async ({ store }: StagingHost) => readLives(await store.list(lifePrefix))

/** State entry: which rules have begun, or who lets them begin now. */
const enteredKey = 'staging:entered'
/** How long one may take to write down how rules begin, milliseconds; after that another does. */
const leaseMs = 10_000
/** Milliseconds between two looks at whether another has finished, and how often is looked. */
const waiting = { everyMs: 100, times: 150 }

/**
 * Writes down how these rules begin, once for all functions that have the same rules: while one of them writes, the others wait, so that none
 * takes a rule for new only because it was not yet written down. Answers the lives of all rules.
 */
export async function enterRules(rules: readonly RuleInfo[], host: StagingHost): Promise<Lives> {
  const { store, config = { newRules: false, maxAlerts: 0 }, now } = host
  const declared = rules.map(({ name, enabled, staged }) => JSON.stringify([name, enabled, staged])).toSorted()
  const digest = hash('sha256', JSON.stringify([declared, config]), 'hex').slice(0, 32)
  for (let looks = 0; looks < waiting.times; looks++) {
    const found = await store.get(enteredKey)
    if (found === digest) return livesIn(host)
    const [, until, before] = found?.split(' ') ?? []
    if (until !== undefined && Number(until) > now()) {
      await setTimeout(waiting.everyMs)
      continue
    }
    // Nothing was ever written down to its end: then the project is new, and not its rules.
    const isFirst = found === undefined || before === 'first'
    const lease = `${digest} ${now() + leaseMs}${isFirst ? ' first' : ''}`
    if (!(await store.set(enteredKey, lease, { ifEquals: found }))) continue
    const known = await livesIn(host)
    const begun = enter(rules, known, isFirst ? { ...config, newRules: false } : config, now())
    if (begun.size > 0) await store.commit({ results: [], state: writeLives(begun), now: now() })
    await store.set(enteredKey, digest, { ifEquals: lease })
    return new Map([...known, ...begun])
  }
  throw new CodedError('STORE_FAILED', 'Another function did not finish to write down how rules begin.', {
    retry: 'later',
  })
}
