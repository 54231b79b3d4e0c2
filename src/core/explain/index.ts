import type { Frame, Hit, Matcher, Rule, RuleContext, Tables } from '../contracts/index.ts'
import { messageOf } from '../errors.ts'
import { functionsOf, isThere } from '../evaluate/conditions.ts'
import { compileHitMaker } from '../evaluate/hit.ts'
import { createContext, type Item, logRecord } from '../evaluate/item.ts'
import { verdictOf } from '../evaluate/rules.ts'
import type { Hash } from '../ids.ts'
import { type Finding, explainWhere } from './where.ts'

export type { FieldFinding, Finding, TestFinding } from './where.ts'

/** Why a rule alerts on a record or does not: every condition, in the order in which they are tried. Plain data. */
export interface Explanation {
  readonly rule: string
  /** All steps hold. */
  readonly matches: boolean
  readonly steps: readonly Step[]
  /** What the match brings forth. Only where it matches. */
  readonly hit?: Pick<Hit, 'title' | 'severity' | 'outputs' | 'window'>
  /** What more has to come together, for people; and parts of the alert that could not be computed. */
  readonly notes: readonly string[]
}

export interface Step {
  readonly what: 'schema' | 'cluster' | 'types' | 'requires' | 'where' | 'matcher' | 'match'
  /** Undefined: not tried, as something before it does not hold. */
  readonly holds: boolean | undefined
  /** What is asked, for people: names, or the name of a function. */
  readonly wanted: string
  readonly found?: string
  /** What a function threw. */
  readonly error?: string
  /** Of declared conditions: each alternative with its fields and tests. One alternative must hold. */
  readonly alternatives?: readonly Finding[]
  /** Of a function: its number among matchers that are functions, and then `match`. */
  readonly function?: number
}

/** What the rule is asked beside the record. */
export interface ExplainOptions {
  readonly frame: Frame
  readonly tables: Tables
  readonly hash: Hash
}

/** Explains one rule on one classified record. Calls the rule's functions as the engine would, and no further. */
export function explain(rule: Rule, item: Item, { frame, tables, hash }: ExplainOptions): Explanation {
  const context = createContext(tables).at(frame, item)
  const declared = declaredSteps(rule, item, frame)
  const steps: Step[] = [...declared]
  const functions = functionsOf(rule)
  for (const [n, test] of functions.entries()) {
    const what = test === rule.match && n === functions.length - 1 ? 'match' : 'matcher'
    const asked = steps.every(({ holds }) => holds === true)
    steps.push({
      what,
      wanted: test.name || what,
      function: n,
      ...(asked ? call(test, item, context) : { holds: undefined }),
    })
  }
  const matches = steps.every(({ holds }) => holds === true)
  const notes: string[] = rule.info.enabled ? [] : ['The rule is not enabled: it does not run.']
  if (!matches) return { rule: rule.info.name, matches, steps, notes }
  const hit = compileHitMaker(rule, hash).make(logRecord(item, frame, hash), context, frame, (part, error) => {
    notes.push(`${part} threw: ${messageOf(error)}`)
  })
  return {
    rule: rule.info.name,
    matches,
    steps,
    ...(hit && {
      hit: {
        title: hit.title,
        severity: hit.severity,
        outputs: hit.outputs,
        ...(hit.window && { window: hit.window }),
      },
    }),
    notes: [...notes, ...noteOn(rule, hit)],
  }
}

function declaredSteps({ info, requires, where, matchers }: Rule, item: Item, frame: Frame): Step[] {
  const steps: Step[] = []
  const names = (list: readonly string[]) => list.join(', ')
  if (info.schemas.length > 0) {
    const { name } = item.schema
    steps.push({ what: 'schema', holds: info.schemas.includes(name), wanted: names(info.schemas), found: name })
  }
  if (info.clusters) {
    const { cluster } = frame
    steps.push({
      what: 'cluster',
      holds: info.clusters.includes(cluster),
      wanted: names(info.clusters),
      found: cluster,
    })
  }
  if (info.types.length > 0) {
    const carried = Object.keys(item.normalised() ?? {})
    const holds = info.types.some((type) => carried.includes(type))
    steps.push({ what: 'types', holds, wanted: names(info.types), found: names(carried) })
  }
  for (const path of requires) steps.push({ what: 'requires', holds: path.some(item.data, isThere), wanted: path.text })
  if (where)
    steps.push({
      what: 'where',
      holds: where.holds(item.data),
      wanted: '',
      alternatives: explainWhere(where, item.data, item.schema.sensitive),
    })
  for (const matcher of matchers) if (matcher.where) steps.push(matcherStep(matcher.where, item))
  return steps
}

const matcherStep = (where: NonNullable<Matcher['where']>, { data, schema }: Item): Step => ({
  what: 'matcher',
  holds: where.holds(data),
  wanted: '',
  alternatives: explainWhere(where, data, schema.sensitive),
})

function call(
  test: NonNullable<Rule['match']>,
  item: Item,
  context: RuleContext,
): Pick<Step, 'holds' | 'found' | 'error'> {
  try {
    const holds = verdictOf(test(item.data as never, context))
    return { holds, found: String(holds) }
  } catch (error) {
    return { holds: false, error: messageOf(error) }
  }
}

function noteOn({ info: { merge, dedup, threshold } }: Rule, hit: Hit | undefined): string[] {
  const minutes = (ms: number) => `${ms / 60_000} min`
  if (threshold && !hit) return ['It is not counted: the record lacks a field of threshold.per or threshold.distinct.']
  if (threshold) {
    const { count, distinct, windowMs, then } = threshold
    const what = distinct === undefined ? `${count} matches` : `${count} different values of ${distinct}`
    const last = then ? ', followed by one for which `then` holds' : ''
    return [`It alerts when ${what} come within ${minutes(windowMs)}${last}; one match alone does not.`]
  }
  if (merge && !hit?.window) return ['It is not merged: the record lacks a field of merge.by.']
  const window = merge ?? dedup
  const most = merge?.limit === undefined ? '' : `, ${merge.limit} at most in one`
  return window ? [`Matches with the same key within ${minutes(window.windowMs)} join its alert${most}.`] : []
}
