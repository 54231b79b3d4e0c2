import type { Lookups, NoLookups, Rule, RuleInfo, StagingPolicy, TypedSchema } from './contracts/index.ts'
import { milliseconds } from './duration.ts'
import { CodedError } from './errors.ts'
import { compileMatcher } from './matcher.ts'
import { compilePath } from './paths.ts'
import { publisherNames, publishersIn } from './publishing/choice.ts'
import { type LooseOptions, faultsOf } from './rule-faults.ts'
import type { AnyRecord, RuleOptions } from './rule-options.ts'
import { compileWhere } from './where/compile.ts'

/** Declares a rule. Throws RULE_INVALID with every fault of the declaration at once. */
export function defineRule<
  const S extends readonly TypedSchema<unknown>[] = readonly TypedSchema<AnyRecord>[],
  const L extends Lookups = NoLookups,
>(given: RuleOptions<S, L>): Rule {
  // What follows does not depend on the type of the record.
  const options = given as unknown as LooseOptions
  const faults = faultsOf(options)
  if (faults.length > 0) throw new CodedError('RULE_INVALID', faults.join(' '), { place: { name: options.name } })
  const { match, title, severity, context, route, dedup, threshold } = options
  return {
    info: infoOf(options),
    schemas: options.schemas ?? [],
    lookups: options.lookups ?? {},
    requires: (options.requires ?? []).map(compilePath),
    ...(options.where !== undefined && { where: compileWhere(options.where) }),
    matchers: (options.matchers ?? []).map(compileMatcher),
    ...(match && { match }),
    ...(title && { title }),
    ...(typeof severity === 'function' && { severity }),
    ...(context && { context }),
    ...(route && { route }),
    ...(typeof dedup?.by === 'function' && { dedup: dedup.by }),
    ...(threshold?.then && { then: threshold.then }),
    publishers: publishersIn(options.publishers),
  }
}

function infoOf(options: LooseOptions): RuleInfo {
  const { merge, dedup, threshold } = options
  return {
    name: options.name,
    description: options.description,
    severity: typeof options.severity === 'function' ? 'medium' : options.severity,
    schemas: (options.schemas ?? []).map((schema) => schema.name),
    types: options.types ?? [],
    ...(options.clusters && { clusters: options.clusters }),
    outputs: options.outputs ?? [],
    ...(options.publishers && { publishers: publisherNames(options.publishers) }),
    ...(merge && {
      merge: {
        by: merge.by,
        windowMs: milliseconds(merge.window),
        ...(merge.limit !== undefined && { limit: merge.limit }),
      },
    }),
    ...(dedup && {
      dedup: { by: typeof dedup.by === 'function' ? [] : dedup.by, windowMs: milliseconds(dedup.window) },
    }),
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
    ...(options.staged !== undefined && { staged: stagingOf(options.staged) }),
  }
}

function stagingOf(staged: NonNullable<LooseOptions['staged']>): StagingPolicy | false {
  if (staged === false) return false
  if (staged === true) return {}
  if (typeof staged === 'string') return { forMs: milliseconds(staged) }
  const { maxAlerts } = staged
  return { forMs: milliseconds(staged.for), ...(maxAlerts !== undefined && { maxAlerts }) }
}
