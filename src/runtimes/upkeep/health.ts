import { hash } from 'node:crypto'
import type { Committed, FrameResult, Hit, LogLine, RuleInfo, Store } from '../../core/contracts/index.ts'
import {
  backHit,
  blindHit,
  blindRules,
  createFailures,
  type Failures,
  failingHit,
  healthKey,
  type HealthOptions,
  type HealthReport,
  readHealth,
  type Silent,
  silences,
  silentHit,
  sinceKey,
} from '../../core/health/index.ts'
import type { Config } from '../../project/index.ts'

/** What of a project says when something is wrong. */
export interface WatchedProject {
  readonly config: Pick<Config, 'health' | 'terminal' | 'clusters'>
  readonly sources: readonly { readonly name: string; readonly silentAfterMs?: number }[]
}

/** Watches rules and sources: which rules fail or see nothing, which sources are silent. */
export interface Health {
  /** These rules run from now on; failures are counted anew. */
  enter(project: WatchedProject, rules: readonly RuleInfo[]): void
  /** Told of what was committed. */
  note(results: readonly FrameResult[]): void
  /** Raises the alerts that are due, and writes down what `status` shows. */
  look(): Promise<void>
}

export interface HealthHost {
  readonly store: Store
  /** Outputs that every alert goes to, whatever the project says. Default: none. */
  onScreen?(config: { readonly terminal: boolean }): readonly string[]
  /** Sources are read to their end, and no longer listened to. */
  readonly once: boolean
  now(): number
  log(line: LogLine): void
  onCommitted(committed: Committed, results: readonly FrameResult[]): void
}

interface Running {
  readonly project: WatchedProject
  readonly rules: readonly RuleInfo[]
  readonly failures: Failures
}

const sha256 = (text: string) => hash('sha256', text)

export function createHealth(host: HealthHost): Health {
  const { store, now, log } = host
  /** Ids of alerts that were raised, or only logged, by this process. The store knows those of earlier ones. */
  const told = new Set<string>()
  let running: Running | undefined
  const startedAt = now()

  async function reportOf({
    project,
    rules,
    failures,
  }: Running): Promise<HealthReport & { readonly back: readonly Silent[] }> {
    const at = now()
    await store.set(sinceKey, String(at), { ifEquals: undefined })
    const since = Number(await store.get(sinceKey))
    const { silentAfter } = project.config.health
    const records = await store.counts('records')
    const blind = blindRules(rules, records, { now: at, since, silentAfterMs: silentAfter })
    const limits = new Map(
      project.sources.flatMap(({ name, silentAfterMs }) =>
        silentAfterMs === undefined ? [] : [[name, silentAfterMs]],
      ),
    )
    const { silent, back } = silences(limits, [...records, ...(await store.counts('quarantined'))], {
      now: at,
      since: host.once ? since : startedAt,
      before: (await readHealth(store))?.silent ?? [],
    })
    return { at, failing: failures.failing(at), blind, silent, back }
  }

  /** Without outputs nothing is raised: what is wrong is logged, and shown by `status`. */
  async function raise(hits: readonly Hit[], outputs: readonly string[]): Promise<void> {
    const fresh = hits.filter(({ id }) => !told.has(id))
    if (fresh.length === 0) return
    if (outputs.length > 0) {
      const results = [{ hits: fresh, quarantine: [], counts: [], bytes: 0, records: 0 }]
      host.onCommitted(await store.commit({ results, state: [], now: now() }), results)
    }
    for (const { id, title } of fresh) {
      told.add(id)
      log({ level: 'warn', code: 'HEALTH', message: title })
    }
  }

  return {
    enter(project, rules) {
      const { errorShare, window } = project.config.health
      running = { project, rules, failures: createFailures({ share: errorShare, windowMs: window }) }
    },
    note(results) {
      for (const { counts } of results) running?.failures.add(counts, now())
    },
    async look() {
      if (!running) return
      const { back, ...report } = await reportOf(running)
      const options = optionsOf(running.project, host)
      const hits = [
        ...report.failing.map((failing) => failingHit(failing, options)),
        ...report.blind.map((blind) => blindHit(blind, options)),
        ...(report.silent ?? []).map((silent) => silentHit(silent, options)),
        ...back.map((silent) => backHit(silent, options)),
      ]
      await raise(hits, running.project.config.health.outputs)
      // Last: that a source is back follows from what is written here, and must be told.
      await store.set(healthKey, JSON.stringify(report))
    },
  }
}

function optionsOf({ config }: WatchedProject, { onScreen, now }: HealthHost): HealthOptions {
  const { health, clusters } = config
  const outputs = [...new Set([...(onScreen?.(config) ?? []), ...health.outputs])]
  return { outputs, cluster: Object.keys(clusters)[0]!, now: now(), hash: sha256 }
}
