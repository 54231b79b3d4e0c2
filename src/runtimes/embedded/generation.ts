import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Screen } from '../../core/component.ts'
import { type AlertRecords, alertsAsSource, areOverAlerts, openAlertRecords } from '../../core/alert-records.ts'
import { createApp } from '../../core/app.ts'
import type {
  App,
  Committed,
  Evaluator,
  FrameResult,
  Framing,
  LogLine,
  Output,
  PullSource,
  Settlement,
  Store,
} from '../../core/contracts/index.ts'
import { CodedError, formatProblem, problemsOf, Problems } from '../../core/errors.ts'
import type { Input } from '../../core/input.ts'
import { withRates } from '../../core/rates/index.ts'
import { decoders } from '../../decoders/index.ts'
import {
  checkSecrets,
  codeOf,
  deliveryTo,
  openSecrets,
  type OutputDelivery,
  type Project,
  type ProjectSecrets,
  stateFolder,
  terminalOutput,
} from '../../project/index.ts'
import terminal from '../../outputs/terminal/index.ts'
import { maskedForPeople } from '../../outputs/shared/mask.ts'
import { type Pool, startPool } from '../workers/pool.ts'
import type { LoadedCode } from '../workers/protocol.ts'
import type { Health } from '../upkeep/health.ts'
import type { Metrics } from './metrics/index.ts'
import { projectWorker } from './project-worker.ts'
import { createPublishing } from '../workers/publishing.ts'
import type { SourceCounts } from '../upkeep/source-counts.ts'
import type { SourceWatch } from './source-watch.ts'
import type { Staging } from '../upkeep/staging.ts'

/** What lasts longer than one state of the project. */
export interface Surroundings {
  readonly store: Store
  readonly screen: Screen
  /** Alerts go to the screen as JSON, one a line, all of them. */
  readonly json: boolean
  readonly staging: Staging
  readonly health: Health
  readonly sourceCounts: SourceCounts
  readonly sourceWatch: SourceWatch
  readonly metrics: Metrics
  /** Standard input, where a source may read it. */
  readonly input?: Input
  now(): number
  random(): number
  /** Where providers of secrets look. Rules see nothing of it. */
  readonly env: Readonly<Record<string, string | undefined>>
  log(line: LogLine): void
  onCommitted(committed: Committed, results: readonly FrameResult[]): void
  onSettled(settlement: Settlement): void
  onRuleOutput(text: string): void
}

/** The engine for one state of the project: its workers, outputs and sources. A reload makes a new one. */
export interface Generation {
  readonly project: Project
  readonly loaded: LoadedCode
  readonly app: App
  readonly evaluator: Evaluator
  /** The store, whose alerts keep to the rate limits of this generation. */
  readonly store: Store
  readonly sources: ReadonlyMap<string, PullSource>
  /** Undefined: no rule looks at alerts. */
  readonly alerts: AlertRecords | undefined
  close(): Promise<void>
}

/** Jobs for each worker that one ingest may have under way: while one runs, the next is ready. */
const jobsPerWorker = 2

/** Loads the project's code and creates its components. Throws Problems with all faults; nothing is left running then. */
export async function startGeneration(project: Project, around: Surroundings): Promise<Generation> {
  const pool = await startPool(poolOptions(project, around))
  try {
    const secrets = openSecrets(project, around)
    const outputs = createOutputs(project, pool.loaded, around, secrets)
    const sources = createSources(project, around, secrets)
    await tellMissing(project, around, secrets)
    const { config } = project
    const rates = new Map([...outputs].flatMap(([name, { rate }]) => (rate ? [[name, rate]] : [])))
    const store = withRates(around.store, rates)
    const app = createApp(
      {
        store,
        evaluator: pool,
        decoders,
        outputs,
        clusters: new Map(project.sources.map(({ name, cluster }) => [name, cluster])),
        framings: framingsOf(pool.loaded),
        publication: createPublishing({
          run: pool.publish,
          ofRules: new Map(
            pool.loaded.rules.flatMap(({ name, publishers }) => (publishers ? [[name, publishers]] : [])),
          ),
          ofOutputs: new Map(project.outputs.map(({ name, publishers }) => [name, publishers])),
          now: around.now,
          log: around.log,
        }),
        hash: (text) => hash('sha256', text, 'hex'),
        now: around.now,
        random: around.random,
        log: around.log,
        onCommitted: around.onCommitted,
        onSettled: around.onSettled,
      },
      {
        latenessMs: config.merge.lateness,
        maxTries: config.delivery.maxTries,
        maxAgeMs: config.delivery.maxAge,
        timeoutMs: config.delivery.timeout,
        concurrency: config.workers.count * jobsPerWorker,
      },
    )
    const alerts = areOverAlerts(pool.loaded.rules) ? await openAlertRecords(store, app.ingest) : undefined
    await around.staging.enter(project, pool.loaded.rules)
    around.health.enter(project, pool.loaded.rules)
    return {
      project,
      loaded: pool.loaded,
      app,
      evaluator: pool,
      store,
      sources,
      alerts,
      close: () => closeAll(pool, outputs),
    }
  } catch (error) {
    await pool.close()
    throw new Problems(problemsOf(error))
  }
}

function poolOptions(project: Project, around: Surroundings) {
  const code = codeOf(project)
  const { memory, ruleTimeout, count, isolation } = project.config.workers
  const worker = projectWorker({
    isolation,
    limits: { cpuMs: ruleTimeout, idleMs: Math.max(ruleTimeout * 20, 10_000), memoryBytes: memory },
    maxBodyBytes: 512 * 1_048_576,
    onOutput: around.onRuleOutput,
    onStray: (message: string) =>
      around.log({
        level: 'error',
        code: 'RULE_THREW',
        message: `A rule left something behind that failed, for rules cannot wait: ${message}`,
      }),
    code: {
      ...code,
      sources: [...code.sources, { ...alertsAsSource, place: {} }],
      everyOutput: project.config.terminal || around.json ? [terminalOutput] : [],
    },
  })
  return { ...worker, count, modes: around.staging.modes }
}

/** Alerts to an output whose secret is missing cannot be sent: better told now than by the first of them. */
async function tellMissing(project: Project, { log }: Surroundings, secrets: ProjectSecrets): Promise<void> {
  for (const problem of await checkSecrets(project, secrets, { remote: false }))
    log({ level: 'warn', code: problem.code, message: formatProblem(problem) })
}

interface ConfiguredDelivery extends OutputDelivery {
  readonly output: Output
}

function createOutputs(project: Project, loaded: LoadedCode, around: Surroundings, secrets: ProjectSecrets) {
  const { now, log, screen } = around
  const secret = secrets.get
  const given = project.outputs.map(({ name, kind, options, delivery }) => ({ name, kind, options, delivery }))
  const onScreen = {
    name: terminalOutput,
    kind: terminal,
    delivery: deliveryTo(terminal, {}, project.config.delivery),
    options: terminal.config.parse(around.json ? { format: 'json' } : {}),
  }
  const isOnScreen = ({ name }: { readonly name: string }) => name === terminalOutput
  const all = around.json || !given.some(isOnScreen) ? [...given.filter((one) => !isOnScreen(one)), onScreen] : given
  return new Map(
    all.map(({ name, kind, options, delivery }): [string, ConfiguredDelivery] => {
      const sensitive = (schema: string) => loaded.sensitive[schema] ?? []
      const host = { name, projectDir: project.dir, fetch: globalThis.fetch, now, log, secret, screen, sensitive }
      const output = maskedForPeople(kind, kind.create(options, host), sensitive)
      return [name, { output, ...delivery }]
    }),
  )
}

function createSources(
  project: Project,
  around: Surroundings,
  secrets: ProjectSecrets,
): ReadonlyMap<string, PullSource> {
  const { now, log, input, store: state } = around
  const secret = secrets.get
  return new Map(
    project.sources.map(({ name, kind, options }) => {
      const source = kind.create(options, {
        name,
        projectDir: project.dir,
        state,
        dataDir: join(stateFolder(project), 'sources', name.replace(':', '-')),
        decoders,
        now,
        log,
        secret,
        ...(input && { input }),
        count: (what, n = 1) => around.sourceCounts.add(name, what, n),
      })
      if (!('read' in source))
        throw new CodedError('CONFIG_INVALID', `${name} cannot be read on this machine.`, { place: { name } })
      return [name, source]
    }),
  )
}

function framingsOf({ framings }: LoadedCode): (source: string) => ReadonlySet<Framing> {
  const sets = new Map(Object.entries(framings).map(([source, used]) => [source, new Set(used)]))
  return (source) => sets.get(source) ?? new Set()
}

async function closeAll(pool: Pool, outputs: ReadonlyMap<string, { output: Output }>): Promise<void> {
  await pool.close()
  await Promise.allSettled([...outputs.values()].map(async ({ output }) => output.close?.()))
}
