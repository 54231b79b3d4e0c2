import type { RuleInfo, RuleModes, StagingPolicy } from '../contracts/index.ts'

/** What is known of a rule over time. All times are epoch milliseconds. */
export interface RuleLife {
  readonly firstSeen: number
  /** Its own `staged` as JSON when it was last seen, null when it says nothing: a change is a decision of its author. */
  readonly declared: string | null
  /** Present while it is staged. */
  readonly staged?: Staged
  /** When it was promoted, and what decided it: a person, its time, or an edit of the rule. */
  readonly promotedAt?: number
  readonly by?: 'hand' | 'window' | 'rule'
}

export interface Staged {
  readonly since: number
  /** Undefined: until it is promoted by hand. */
  readonly until?: number
  /** Alerts it may have raised since then to be promoted by itself. */
  readonly maxAlerts: number
  /** What decided it: a person, the rule's own `staged`, or that the rule was new. */
  readonly by: 'hand' | 'rule' | 'new'
  /** The rule was removed or disabled meanwhile: its time begins anew when it is back. */
  readonly absent?: true
}

/** Rule → its life. */
export type Lives = ReadonlyMap<string, RuleLife>

/** What a project says of staging. */
export interface StagingConfig {
  /** How long new rules are staged, milliseconds; false: they are not. */
  readonly newRules: number | false
  readonly maxAlerts: number
}

/**
 * The lives that begin or change when these rules are loaded: of rules that are new, and of those whose own `staged` was
 * edited. To be stored before a record is evaluated, so that no rule ever sends what it should only have stored.
 * While nothing is known no rule counts as new, for then the project is.
 */
export function enter(rules: readonly RuleInfo[], known: Lives, config: StagingConfig, now: number): Lives {
  const newRules = known.size > 0 && config.newRules
  const changed = new Map<string, RuleLife>()
  for (const rule of rules.filter(({ enabled }) => enabled)) {
    const life = known.get(rule.name)
    const next = life ? review(rule, life, config, now) : begin(rule, { ...config, newRules }, now)
    if (next !== life) changed.set(rule.name, next)
  }
  return new Map([...changed, ...absent(rules, known)])
}

/** Time during which a staged rule does not run says nothing for it. */
function absent(rules: readonly RuleInfo[], known: Lives): Lives {
  const here = new Set(rules.filter(({ enabled }) => enabled).map(({ name }) => name))
  const gone = [...known].filter(([rule, { staged }]) => staged && !staged.absent && !here.has(rule))
  return new Map(gone.map(([rule, life]) => [rule, { ...life, staged: { ...life.staged!, absent: true } }]))
}

function begin({ staged }: RuleInfo, { newRules, maxAlerts }: StagingConfig, now: number): RuleLife {
  const life = { firstSeen: now, declared: declarationOf(staged) }
  if (staged) return stage(life, { maxAlerts, ...staged, since: now, by: 'rule' })
  if (staged === false || newRules === false) return life
  return stage(life, { maxAlerts, forMs: newRules, since: now, by: 'new' })
}

function review({ staged }: RuleInfo, life: RuleLife, { maxAlerts }: StagingConfig, now: number): RuleLife {
  const declared = declarationOf(staged)
  if (declared === life.declared) return life.staged?.absent ? back(life, life.staged, now) : life
  const edited = { ...life, declared }
  if (staged) return stage(edited, { maxAlerts, ...staged, since: sinceOf(life) ?? now, by: 'rule' })
  const ends = staged === false || life.staged?.by === 'rule'
  return life.staged && ends ? promote(edited, 'rule', now) : edited
}

const sinceOf = ({ staged }: RuleLife) => (staged?.absent ? undefined : staged?.since)

const back = (life: RuleLife, { until, since, maxAlerts, by }: Staged, now: number): RuleLife =>
  stage(life, { maxAlerts, by, since: now, ...(until !== undefined && { forMs: until - since }) })

const declarationOf = (staged: RuleInfo['staged']): string | null => JSON.stringify(staged) ?? null

/** The life of a rule that is staged from `since` on. */
export function stage(
  { firstSeen, declared }: RuleLife,
  { since, forMs, maxAlerts, by }: Pick<Staged, 'since' | 'maxAlerts' | 'by'> & Pick<StagingPolicy, 'forMs'>,
): RuleLife {
  const staged = { since, ...(forMs !== undefined && { until: since + forMs }), maxAlerts, by }
  return { firstSeen, declared, staged }
}

/** The life of a rule that sends its alerts from now on. What it raised before stays unsent. */
export function promote({ firstSeen, declared }: RuleLife, by: NonNullable<RuleLife['by']>, now: number): RuleLife {
  return { firstSeen, declared, promotedAt: now, by }
}

/** Staged rules whose time has passed: whoever knows how many alerts they raised can say whether they are promoted. */
export const due = (lives: Lives, now: number): readonly StagedRule[] =>
  stagedRules(lives).filter(({ staged: { until } }) => until !== undefined && until <= now)

/** A rule that runs and is staged. */
export interface StagedRule {
  readonly rule: string
  readonly staged: Staged
}

export const stagedRules = (lives: Lives): readonly StagedRule[] =>
  [...lives].flatMap(([rule, { staged }]) => (staged && !staged.absent ? [{ rule, staged }] : []))

/**
 * The lives of rules that are promoted by themselves: their time has passed, with no more alerts than they may have raised.
 * `alerts`: rule → staged alerts since it was staged; a rule that is not in it raised none.
 */
export function promotions(lives: Lives, alerts: ReadonlyMap<string, number>, now: number): Lives {
  const quiet = due(lives, now).filter(({ rule, staged }) => (alerts.get(rule) ?? 0) <= staged.maxAlerts)
  return new Map(quiet.map(({ rule }) => [rule, promote(lives.get(rule)!, 'window', now)]))
}

/** What the evaluation is to know. */
export function modesOf(lives: Lives): RuleModes {
  const named = (holds: (life: RuleLife) => boolean) =>
    new Set([...lives].filter(([, life]) => holds(life)).map(([rule]) => rule))
  return {
    staged: named(({ staged }) => staged !== undefined),
    promoted: named(({ promotedAt }) => promotedAt !== undefined),
  }
}
