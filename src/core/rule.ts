import type { Rule, RuleContext, RuleInfo, Severity, TypedSchema } from './contracts/index.ts'
import { type Duration, milliseconds } from './duration.ts'
import { CodedError } from './errors.ts'
import { compileWhere } from './where/compile.ts'
import type { Where } from './where/types.ts'

type RecordOfSchemas<S> = S extends readonly TypedSchema<infer D>[] ? D : never

type Computed<D, T> = (record: D, context: RuleContext) => T

/** What a rule's author writes. All functions are pure and synchronous: they see the record and decide. */
export interface RuleOptions<S extends readonly TypedSchema<unknown>[]> {
  /** Lower case with dashes, unique in the project. */
  readonly name: string
  /** What happened, for the person who gets the alert. */
  readonly description: string
  readonly severity: Severity | Computed<RecordOfSchemas<S>, Severity>
  /** Log types it looks at. The record's type follows from them. */
  readonly schemas: S
  /** Clusters it runs in. Default: all. */
  readonly clusters?: readonly string[]
  /** Outputs, `kind:name`. Default: the project's `defaults.outputs`. */
  readonly outputs?: readonly string[]
  /** Further outputs, from the record. */
  readonly route?: Computed<RecordOfSchemas<S>, readonly string[]>
  /** Declared conditions. They are indexed: a thousand rules that have them cost little more than ten. */
  readonly where?: Where<RecordOfSchemas<S>>
  /** Anything that TypeScript can decide; called only for records for which `where` holds. */
  readonly match?: Computed<RecordOfSchemas<S>, boolean>
  readonly title?: Computed<RecordOfSchemas<S>, string>
  readonly context?: Computed<RecordOfSchemas<S>, Readonly<Record<string, unknown>>>
  /** One alert for all matches with equal values of `by` within the window; the first leaves at once, the rest as one update. */
  readonly merge?: { readonly by: readonly string[]; readonly window: Duration }
  /**
   * Alerts when `count` matches with equal values of `per` lie within `window`; with `distinct`, that many different values
   * of it; with `then`, when a match for which `then` holds follows `count` matches for which it does not.
   */
  readonly threshold?: {
    readonly count: number
    readonly per: readonly string[]
    readonly window: Duration
    readonly distinct?: string
    readonly then?: Computed<RecordOfSchemas<S>, boolean>
  }
  readonly tags?: readonly string[]
  /** MITRE ATT&CK techniques (https://attack.mitre.org), such as `T1078.004`. */
  readonly attack?: readonly string[]
  readonly references?: readonly string[]
  /** What to do when it fires. */
  readonly runbook?: string
  /** What else may fire it: a sentence each. */
  readonly falsePositives?: readonly string[]
  /** The team that answers for it. */
  readonly owner?: string
  readonly enabled?: boolean
  /** Runs and stores its alerts, but sends none. */
  readonly staged?: boolean
}

const severities: readonly string[] = ['info', 'low', 'medium', 'high', 'critical']

/** Declares a rule. Throws RULE_INVALID with every fault of the declaration at once. */
export function defineRule<const S extends readonly TypedSchema<unknown>[]>(options: RuleOptions<S>): Rule {
  const faults = faultsOf(options)
  if (faults.length > 0)
    throw new CodedError('RULE_INVALID', faults.join(' '), { place: { name: String(options.name) } })
  return {
    info: infoOf(options),
    schemas: options.schemas,
    ...(options.where !== undefined && { where: compileWhere(options.where) }),
    ...(options.match && { match: options.match }),
    ...(options.title && { title: options.title }),
    ...(typeof options.severity === 'function' && { severity: options.severity }),
    ...(options.context && { context: options.context }),
    ...(options.route && { route: options.route }),
    ...(options.threshold?.then && { then: options.threshold.then }),
  }
}

function infoOf(options: RuleOptions<readonly TypedSchema<unknown>[]>): RuleInfo {
  const { merge, threshold } = options
  return {
    name: options.name,
    description: options.description,
    severity: typeof options.severity === 'function' ? 'medium' : options.severity,
    schemas: options.schemas.map((schema) => schema.name),
    ...(options.clusters && { clusters: options.clusters }),
    outputs: options.outputs ?? [],
    ...(merge && { merge: { by: merge.by, windowMs: milliseconds(merge.window) } }),
    ...(threshold && {
      threshold: {
        count: threshold.count,
        per: threshold.per,
        windowMs: milliseconds(threshold.window),
        ...(threshold.distinct !== undefined && { distinct: threshold.distinct }),
        ...(threshold.then && { then: true }),
      },
    }),
    tags: options.tags ?? [],
    attack: options.attack ?? [],
    references: options.references ?? [],
    ...(options.runbook !== undefined && { runbook: options.runbook }),
    falsePositives: options.falsePositives ?? [],
    ...(options.owner !== undefined && { owner: options.owner }),
    enabled: options.enabled ?? true,
    staged: options.staged ?? false,
  }
}

const known = new Set<string>([
  ...[
    'name',
    'description',
    'severity',
    'schemas',
    'clusters',
    'outputs',
    'route',
    'where',
    'match',
    'title',
    'context',
  ],
  ...['merge', 'threshold', 'tags', 'attack', 'references', 'runbook', 'falsePositives', 'owner', 'enabled', 'staged'],
])

/** Rules also come from plain JavaScript and from unchecked files: the declaration is checked at run time too. */
function faultsOf(options: RuleOptions<readonly TypedSchema<unknown>[]>): string[] {
  const faults: string[] = []
  const expect = (holds: boolean, fault: string) => void (holds || faults.push(fault))
  expect(
    /^[a-z0-9][a-z0-9_-]*$/.test(options.name),
    `name: "${options.name}" is not lower case letters, digits and dashes.`,
  )
  expect(typeof options.description === 'string' && options.description !== '', 'description: is missing.')
  expect(options.match === undefined || typeof options.match === 'function', 'match: is not a function.')
  expect(
    options.match !== undefined || options.where !== undefined,
    'where, match: one of the two must say when it alerts.',
  )
  expect(Array.isArray(options.schemas) && options.schemas.length > 0, 'schemas: names no log type.')
  expect(
    typeof options.severity === 'function' || severities.includes(options.severity),
    `severity: "${String(options.severity)}" is none of ${severities.join(', ')}.`,
  )
  expect(!(options.merge && options.threshold), 'merge: a threshold already merges; use one of the two.')
  if (options.merge) expect(options.merge.by.length > 0, 'merge.by: names no field.')
  if (options.threshold) expect(options.threshold.count >= 1, 'threshold.count: is less than 1.')
  for (const id of options.attack ?? [])
    expect(/^T\d{4}(\.\d{3})?$/.test(id), `attack: "${id}" is no technique: write T1078 or T1078.004.`)
  for (const name of Object.keys(options)) expect(known.has(name), `${name}: is no option of a rule.`)
  return faults
}
