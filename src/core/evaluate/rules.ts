import type { Frame, Hit, QuarantineEntry, Rule } from '../contracts/index.ts'
import { type Code, messageOf } from '../errors.ts'
import { freezeDeep } from '../freeze.ts'
import type { Hash } from '../ids.ts'
import { type CandidateIndex, indexCandidates } from '../where/candidates.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import type { Guard } from './guard.ts'
import { compileHitMaker, type HitMaker } from './hit.ts'
import { createContext, type Item } from './item.ts'
import type { Tally } from './tally.ts'

/** What the rules say of the records of a frame. */
export interface Verdicts {
  readonly hits: readonly Hit[]
  /** Verdicts that failed: the rule threw, or the guard left the pair out. */
  readonly quarantine: readonly QuarantineEntry[]
}

export interface RuleSet {
  evaluate(frame: Frame, items: readonly Item[], guard: Guard, tally: Tally): Verdicts
}

interface Ready {
  readonly index: number
  readonly rule: Rule
  readonly hits: HitMaker
}

/** The rules of one log type. */
interface Group {
  readonly rules: readonly Ready[]
  readonly index: CandidateIndex
}

/**
 * Prepares rules for evaluation. One rule sees all its records of a frame before the next one does: its code and inline
 * caches stay hot (4 to 5 times faster at 3,000 rules than record by record).
 */
export function compileRules(rules: readonly Rule[], hash: Hash): RuleSet {
  const ready: Ready[] = rules.map((rule, index) => ({ index, rule, hits: compileHitMaker(rule, hash) }))
  const groups = groupRules(ready.filter(({ rule }) => rule.info.enabled))
  const { at } = createContext()

  return {
    evaluate(frame, items, guard, tally) {
      const evidence = createEvidence(frame, items, hash, tally)
      const frozen: boolean[] = []
      /** The verdict of one rule on one record: `match` and all computed parts see a record that cannot be changed. */
      const judge = ({ rule, hits }: Ready, n: number): Hit | undefined => {
        const item = items[n]!
        if (rule.where && !rule.where.holds(item.data)) return undefined
        if (!frozen[n]) freezeDeep(item.data)
        frozen[n] = true
        const context = at(frame, item)
        if (rule.match && rule.match(item.data as never, context) !== true) return undefined
        return hits.make(evidence.record(n), context, frame, (part, error) => {
          tally.add('rule_errors', { rule: rule.info.name, code: `${part}: ${messageOf(error).slice(0, 200)}` })
        })
      }
      for (const [schema, records] of recordsBySchema(items)) {
        const group = groups.get(schema)
        if (!group) continue
        const candidates = group.index.candidates(records, (n) => items[n]!.data)
        for (const one of group.rules) {
          const seen = group.index.everywhere.has(one.index) ? records : candidates.get(one.index)
          if (seen && concerns(one.rule, frame)) run(one, seen, guard, evidence, judge)
        }
      }
      return evidence.verdicts
    },
  }
}

function run(
  one: Ready,
  records: readonly number[],
  guard: Guard,
  evidence: Evidence,
  judge: (one: Ready, n: number) => Hit | undefined,
): void {
  const { name } = one.rule.info
  for (const n of records) {
    const permission = guard.matching(one.index, n)
    if (permission !== 'run') {
      if (permission !== 'skip') evidence.fail(name, n, permission.reason, permission.message)
      continue
    }
    try {
      const hit = judge(one, n)
      if (hit) evidence.hit(hit)
    } catch (error) {
      evidence.fail(name, n, 'RULE_THREW' satisfies Code, messageOf(error))
    }
  }
}

function groupRules(ready: readonly Ready[]): ReadonlyMap<string, Group> {
  const bySchema = new Map<string, Ready[]>()
  for (const one of ready) {
    for (const schema of one.rule.info.schemas) {
      const group = bySchema.get(schema)
      if (group) group.push(one)
      else bySchema.set(schema, [one])
    }
  }
  return new Map(
    [...bySchema].map(([schema, rules]) => {
      const index = indexCandidates(new Map(rules.map(({ index, rule }) => [index, rule.where])))
      return [schema, { rules, index }]
    }),
  )
}

const concerns = ({ info }: Rule, { cluster, verdictOf }: Frame) =>
  (info.clusters === undefined || info.clusters.includes(cluster)) &&
  (verdictOf === undefined || verdictOf === info.name)

/** Schema name → indexes of its records, in order. */
function recordsBySchema(items: readonly Item[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const [n, item] of items.entries()) {
    const group = groups.get(item.schema.name)
    if (group) group.push(n)
    else groups.set(item.schema.name, [n])
  }
  return groups
}
