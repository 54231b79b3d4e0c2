import { hash } from 'node:crypto'
import type { Committed, FrameResult, Hit, LogLine, RuleInfo, RuleModes, Store } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import { suggest } from '../../core/nearest.ts'
import {
  type Changed,
  digestHit,
  due,
  enter,
  type Lives,
  lifePrefix,
  modesOf,
  promote,
  promotions,
  readLives,
  stage,
  type StagedRule,
  stagedRules,
  type StagingChange,
  writeLives,
} from '../../core/staging/index.ts'
import type { Config } from '../../project/index.ts'

export type { Changed, StagingChange } from '../../core/staging/index.ts'

/** What of a project says how its rules begin. */
export interface StagedProject {
  readonly config: Pick<Config, 'staging' | 'terminal' | 'clusters'>
}

/** Which rules are staged. It is kept in the state, and decided before a rule sees a record. */
export interface Staging {
  /** Decides how the rules of a project begin; what it says of staging holds from now on. */
  enter(project: StagedProject, rules: readonly RuleInfo[]): Promise<void>
  /** For the evaluation. */
  modes(): RuleModes
  /** Promotes rules whose time has passed quietly, and raises the digest when it is due. */
  look(): Promise<void>
  /** Does what a person asks. Throws NOT_FOUND when no such rule runs. */
  change(change: StagingChange): Promise<Changed>
}

export interface StagingHost {
  readonly store: Store
  /** Outputs that every alert goes to, whatever the project says. Default: none. */
  onScreen?(config: { readonly terminal: boolean }): readonly string[]
  now(): number
  log(line: LogLine): void
  onCommitted(committed: Committed, results: readonly FrameResult[]): void
}

/** When the digest was due last, epoch milliseconds. */
const digestKey = 'staging:digest'
/** Alerts of a rule are counted up to here. */
const most = 1_000_000

const sha256 = (text: string) => hash('sha256', text)

/** Only one may be at work on a state: that of the engine, or of a command that has the engine's place. */
export async function openStaging(host: StagingHost): Promise<Staging> {
  const { store, log, now } = host
  const lives = readLives(await store.list(lifePrefix))
  let modes = modesOf(lives)
  let running: { readonly project: StagedProject; readonly rules: ReadonlySet<string> } | undefined

  async function keep(changed: Lives): Promise<void> {
    if (changed.size === 0) return
    await store.commit({ results: [], state: writeLives(changed), now: now() })
    for (const [rule, life] of changed) lives.set(rule, life)
    modes = modesOf(lives)
  }

  async function alertsOf(rules: readonly StagedRule[], limit: (rule: StagedRule) => number) {
    const counts = new Map<string, number>()
    for (const one of rules) {
      const query = { rule: one.rule, staged: true, since: one.staged.since, limit: limit(one) }
      counts.set(one.rule, await store.countAlerts(query))
    }
    return counts
  }

  async function promoteQuiet(): Promise<void> {
    const at = now()
    const alerts = await alertsOf(due(lives, at), ({ staged }) => staged.maxAlerts + 1)
    const promoted = promotions(lives, alerts, at)
    await keep(promoted)
    for (const rule of promoted.keys())
      log({ level: 'info', code: 'RULE_PROMOTED', message: `${rule} was quiet while staged: its alerts are sent now.` })
  }

  async function raiseDigest({ config }: StagedProject): Promise<void> {
    const { every, outputs } = config.staging.digest
    const last = await store.get(digestKey)
    if (last === undefined) await store.set(digestKey, String(now()))
    const periods = Math.floor((now() - Number(last ?? now())) / every)
    if (periods < 1) return
    const at = Number(last) + periods * every
    const state = [{ key: digestKey, value: String(at) }]
    const wanted = outputs.length > 0 && stagedRules(lives).length > 0
    const results = wanted ? [resultOf(await digest(config, at))] : []
    host.onCommitted(await store.commit({ results, state, now: now() }), results)
  }

  async function digest(config: StagedProject['config'], at: number): Promise<Hit> {
    const alerts = await alertsOf(stagedRules(lives), () => most)
    const outputs = [...new Set([...(host.onScreen?.(config) ?? []), ...config.staging.digest.outputs])]
    const cluster = Object.keys(config.clusters)[0]!
    return digestHit({ lives, alerts, outputs, cluster, at, now: now(), hash: sha256 })
  }

  return {
    async enter(project, rules) {
      await keep(enter(rules, lives, project.config.staging, now()))
      running = { project, rules: new Set(rules.filter(({ enabled }) => enabled).map(({ name }) => name)) }
    },
    modes: () => modes,
    async look() {
      if (!running) return
      await promoteQuiet()
      await raiseDigest(running.project)
    },
    async change(change) {
      const { rule } = change
      const life = running?.rules.has(rule) ? lives.get(rule) : undefined
      if (!running || !life) throw unknownRule(rule, running?.rules ?? new Set())
      const changed = change.action === 'stage' || life.staged !== undefined
      const { maxAlerts } = running.project.config.staging
      const next =
        change.action === 'stage'
          ? stage(life, { ...change, since: now(), maxAlerts, by: 'hand' })
          : promote(life, 'hand', now())
      if (changed) await keep(new Map([[rule, next]]))
      return { life: lives.get(rule)!, changed }
    },
  }
}

const resultOf = (hit: Hit): FrameResult => ({ hits: [hit], quarantine: [], counts: [], bytes: 0, records: 0 })

const unknownRule = (rule: string, known: ReadonlySet<string>) =>
  new CodedError('NOT_FOUND', `No rule "${rule}" runs here.`, { hint: suggest(rule, [...known]) })
