import { randomUUID } from 'node:crypto'
import type { RuleFacts } from '../../core/api/index.ts'
import type { RuleInfo } from '../../core/contracts/index.ts'
import { enter, type Lives, type RuleLife, type StagingChange } from '../../core/staging/index.ts'
import { loadProject, type Project } from '../../project/index.ts'
import { changeInProject } from '../../runtimes/embedded/change-staging.ts'
import { loadRules } from '../../runtimes/embedded/load-rules.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { isOnAws, type Place, withAws, withReader } from '../reader.ts'
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
export async function listRules(cli: Cli, place: Place = {}): Promise<ExitCode> {
  const project = await loadProject(cli.dir)
  const rules = await loadRules(project, (text) => cli.warn(text.trimEnd()))
  const listed = describe(await withReader(cli, place, (reader) => reader.rules()), project, rules)
  if (cli.json) for (const one of listed) cli.emit(one)
  else cli.say(listed.length === 0 ? 'No rules. They are files in rules/.' : table(columns, listed.map(row)))
  return 0
}

function describe(known: readonly RuleFacts[], project: Project, rules: readonly RuleInfo[]): Listed[] {
  const facts = new Map(known.map((one) => [one.rule, one]))
  const lives = livesOf(known, project, rules)
  return rules
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, severity, schemas, types, enabled }): Listed => {
      const life = lives.get(name)
      const { hits = 0, alerts = 0, errors = 0, lastHit, stagedAlerts = 0 } = facts.get(name) ?? {}
      return {
        rule: name,
        severity,
        schemas,
        types,
        state: !enabled ? 'disabled' : life?.staged ? 'staged' : 'live',
        ...{ hits, alerts, errors },
        lastHit: lastHit === undefined ? null : iso(lastHit),
        staged: stagingOf(life, stagedAlerts),
        promoted: life?.promotedAt === undefined ? null : { at: iso(life.promotedAt), by: life.by ?? 'hand' },
      }
    })
}

/** As the engine knows them, or would if it started now. */
function livesOf(facts: readonly RuleFacts[], project: Project, rules: readonly RuleInfo[]): Lives {
  const known = new Map(facts.flatMap(({ rule, life }) => (life ? [[rule, life] as const] : [])))
  return new Map([...known, ...enter(rules, known, project.config.staging, Date.now())])
}

function stagingOf(life: RuleLife | undefined, alerts: number): ListedStaging | null {
  if (!life?.staged) return null
  const { since, until, maxAlerts } = life.staged
  return { since: iso(since), until: until === undefined ? null : iso(until), maxAlerts, alerts }
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

/** Stages a rule: from now on its alerts are stored and not sent. `for`: milliseconds, else until it is promoted. */
export async function stageRule(cli: Cli, rule: string, flags: Place & { readonly for?: number }): Promise<ExitCode> {
  const { aws, cluster, for: forMs } = flags
  return change(cli, { action: 'stage', rule, ...(forMs !== undefined && { forMs }) }, { aws, cluster })
}

/** Ends the staging of a rule: from now on its alerts are sent. What it raised before stays unsent. */
export async function promoteRule(cli: Cli, rule: string, place: Place = {}): Promise<ExitCode> {
  return change(cli, { action: 'promote', rule }, place)
}

async function change(cli: Cli, wanted: StagingChange, place: Place): Promise<ExitCode> {
  const onOutput = (text: string) => cli.warn(text.trimEnd())
  const options = { projectDir: cli.dir, now: Date.now, onOutput, id: randomUUID() }
  const { life, changed } = isOnAws(place)
    ? await withAws(cli, place, (reader) => reader.changeRule(wanted))
    : await changeInProject(options, wanted)
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
