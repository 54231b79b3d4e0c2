import { randomUUID } from 'node:crypto'
import type { Metric, RuleInfo, Store } from '../../core/contracts/index.ts'
import { enter, lifePrefix, type Lives, readLives, type RuleLife } from '../../core/staging/index.ts'
import { loadProject, type Project, stateFile } from '../../project/index.ts'
import { changeInProject } from '../../runtimes/embedded/change-staging.ts'
import { loadRules } from '../../runtimes/embedded/load-rules.ts'
import type { StagingChange } from '../../runtimes/upkeep/staging.ts'
import { openSqliteStore } from '../../stores/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { shorten, table, thousands } from '../table.ts'

/** A rule, how it is, and what it did; the form of `--json`. Times are ISO 8601. */
interface Listed {
  readonly rule: string
  readonly severity: string
  readonly schemas: readonly string[]
  readonly types: readonly string[]
  readonly state: 'live' | 'staged' | 'disabled'
  readonly hits: number
  /** Those that are kept. */
  readonly alerts: number
  readonly errors: number
  readonly lastHit: string | null
  readonly staged: ListedStaging | null
  readonly promoted: { readonly at: string; readonly by: string } | null
}

interface ListedStaging {
  readonly since: string
  /** Null: until it is promoted by hand. */
  readonly until: string | null
  readonly maxAlerts: number
  /** Raised since then. */
  readonly alerts: number
}

/** Shows every rule of the project: its state, hits, alerts and errors. */
export async function listRules(cli: Cli): Promise<ExitCode> {
  const project = await loadProject(cli.dir)
  const rules = await loadRules(project, (text) => cli.warn(text.trimEnd()))
  const store = openSqliteStore(stateFile(project), { readOnly: true })
  try {
    const listed = await describe(store, project, rules)
    if (cli.json) for (const one of listed) cli.emit(one)
    else cli.say(listed.length === 0 ? 'No rules. They are files in rules/.' : table(columns, listed.map(row)))
    return 0
  } finally {
    await store.close()
  }
}

async function describe(store: Store, project: Project, rules: readonly RuleInfo[]): Promise<Listed[]> {
  const lives = await livesOf(store, project, rules)
  const [hits, errors] = [await countsOf(store, 'hits'), await countsOf(store, 'rule_errors')]
  const { alerts } = await store.overview()
  return Promise.all(
    rules
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(async ({ name, severity, schemas, types, enabled }): Promise<Listed> => {
        const life = lives.get(name)
        const at = hits.get(name)?.at
        return {
          rule: name,
          severity,
          schemas,
          types,
          state: !enabled ? 'disabled' : life?.staged ? 'staged' : 'live',
          hits: hits.get(name)?.n ?? 0,
          alerts: alerts.filter(({ rule }) => rule === name).reduce((sum, { count }) => sum + count, 0),
          errors: errors.get(name)?.n ?? 0,
          lastHit: at === undefined ? null : iso(at),
          staged: await stagingOf(store, name, life),
          promoted: life?.promotedAt === undefined ? null : { at: iso(life.promotedAt), by: life.by ?? 'hand' },
        }
      }),
  )
}

/** As the engine knows them, or would if it started now. */
async function livesOf(store: Store, project: Project, rules: readonly RuleInfo[]): Promise<Lives> {
  const known = readLives(await store.list(lifePrefix))
  return new Map([...known, ...enter(rules, known, project.config.staging, Date.now())])
}

async function stagingOf(store: Store, rule: string, life: RuleLife | undefined): Promise<ListedStaging | null> {
  if (!life?.staged) return null
  const { since, until, maxAlerts } = life.staged
  const alerts = await store.countAlerts({ rule, staged: true, since, limit: 1_000_000 })
  return { since: iso(since), until: until === undefined ? null : iso(until), maxAlerts, alerts }
}

/** Rule → how often, and when last. */
async function countsOf(store: Store, metric: Metric): Promise<ReadonlyMap<string, { n: number; at: number }>> {
  const sums = new Map<string, { n: number; at: number }>()
  for (const { labels, n, at } of await store.counts(metric)) {
    const rule = labels['rule'] ?? ''
    const sum = sums.get(rule)
    sums.set(rule, { n: (sum?.n ?? 0) + n, at: Math.max(sum?.at ?? 0, at) })
  }
  return sums
}

const columns = [
  ...['rule', 'severity', 'schemas', 'state'].map((title) => ({ title })),
  ...['hits', 'alerts', 'errors'].map((title) => ({ title, right: true })),
  { title: 'last hit' },
]

function row({ rule, severity, schemas, types, state, staged, hits, alerts, errors, lastHit }: Listed): string[] {
  return [
    rule,
    severity,
    shorten([...schemas, ...types].join(', '), 40),
    state === 'staged' && staged ? stateText(staged) : state,
    ...[hits, alerts, errors].map(thousands),
    lastHit === null ? '' : minutes(lastHit),
  ]
}

function stateText({ until, alerts }: ListedStaging): string {
  const counted = `${thousands(alerts)} not sent`
  if (until === null) return `staged until promoted, ${counted}`
  return Date.parse(until) > Date.now() ? `staged until ${minutes(until)}, ${counted}` : `staged, time over, ${counted}`
}

/** Stages a rule: from now on its alerts are stored and not sent. `forMs`: for so long, else until it is promoted. */
export async function stageRule(cli: Cli, rule: string, { for: forMs }: { readonly for?: number }): Promise<ExitCode> {
  return change(cli, { action: 'stage', rule, ...(forMs !== undefined && { forMs }) })
}

/** Ends the staging of a rule: from now on its alerts are sent. What it raised before stays unsent. */
export async function promoteRule(cli: Cli, rule: string): Promise<ExitCode> {
  return change(cli, { action: 'promote', rule })
}

async function change(cli: Cli, wanted: StagingChange): Promise<ExitCode> {
  const onOutput = (text: string) => cli.warn(text.trimEnd())
  const options = { projectDir: cli.dir, now: Date.now, onOutput, id: randomUUID() }
  const { life, changed } = await changeInProject(options, wanted)
  const { rule } = wanted
  const until = life.staged?.until === undefined ? null : iso(life.staged.until)
  if (cli.json) cli.emit({ rule, state: life.staged ? 'staged' : 'live', until, changed })
  if (!life.staged) cli.say(changed ? `${rule} sends its alerts from now on.` : `${rule} was not staged.`)
  else {
    const end = until === null ? `"streamalert rules promote ${rule}"` : `${minutes(until)} UTC`
    cli.say(`${rule} is staged until ${end}: its alerts are stored and not sent.`)
  }
  return 0
}

const iso = (time: number) => new Date(time).toISOString()
const minutes = (time: string) => time.slice(0, 16).replace('T', ' ')
