import { alertSchema } from '../alert-records.ts'
import type { Frame, Hit, QuarantineEntry, Rule, Schema, Tables } from '../contracts/index.ts'
import { messageOf } from '../errors.ts'
import { freezeDeep } from '../freeze.ts'
import type { Hash } from '../ids.ts'
import { type CandidateIndex, indexCandidates } from '../where/candidates.ts'
import { type Asked, createAsked } from './asked.ts'
import { createCarriers } from './carriers.ts'
import { compileConditions, type Conditions, wheresOf } from './conditions.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import type { Failure, Guard } from './guard.ts'
import { interestOf, isMeant } from './interest.ts'
import type { Interest } from '../skim/index.ts'
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
  interestIn(schema: Schema): Interest
  evaluate(frame: Frame, items: readonly Item[], guard: Guard, tally: Tally): Verdicts
}

interface Ready {
  readonly index: number
  readonly rule: Rule
  readonly conditions: Conditions
  readonly hits: HitMaker
}

/** The rules that look at one log type. */
interface Group {
  readonly rules: readonly Ready[]
  /** Those of them that see every record. */
  readonly everywhere: readonly Ready[]
  readonly index: CandidateIndex
}

/**
 * Prepares rules for evaluation. One rule sees all its records of a frame before the next one does: its code and inline
 * caches stay hot (4 to 5 times faster at 3,000 rules than record by record).
 */
export function compileRules(rules: readonly Rule[], hash: Hash, tables: Tables = new Map()): RuleSet {
  const ready = rules.map((rule, index): Ready => {
    return { index, rule, conditions: compileConditions(rule), hits: compileHitMaker(rule, hash) }
  })
  const groupOf = groupRules(ready.filter(({ rule }) => rule.info.enabled))
  const { at } = createContext(tables)
  const asked = createAsked(rules.map(({ info }) => info.name))

  return {
    interestIn(schema) {
      const { rules: all, index } = groupOf(schema.name)
      return interestOf(schema, all, index, asked)
    },
    evaluate(frame, items, guard, tally) {
      const evidence = createEvidence(frame, items, hash, tally)
      const frozen = new Uint8Array(items.length)
      /** The verdict of one rule on one record: `match` and all computed parts see a record that cannot be changed. */
      const judge = ({ index, rule, conditions, hits }: Ready, n: number): Hit | undefined => {
        const item = items[n]!
        const { data } = item
        if (conditions.declared !== undefined && !conditions.declared(data)) return undefined
        asked.ask(index)
        if (frozen[n] === 0) {
          freezeDeep(data)
          frozen[n] = 1
        }
        const context = at(frame, item)
        const { functions } = conditions
        for (let i = 0; i < functions.length; i++) {
          const answer = functions[i]!(data as never, context)
          if (answer !== true && !verdictOf(answer)) return undefined
        }
        return hits.make(evidence.record(n), context, frame, (part, error) => {
          asked.failed(index)
          tally.add('rule_errors', { rule: rule.info.name, code: `${part}: ${messageOf(error).slice(0, 200)}` })
        })
      }
      for (const [schema, all] of recordsBySchema(items)) {
        const records = schema === alertSchema ? all.filter((n) => isFirstHand(items[n]!)) : all
        const group = groupOf(schema)
        if (group.rules.length === 0) continue
        const candidates = group.index.candidates(records, (n) => items[n]!.data)
        const carriers = createCarriers(records, (n) => items[n]!.normalised())
        const look = (one: Ready, seen: readonly number[]) => {
          if (!isMeant(one.rule, frame)) return
          run(one, carriers.among(seen, one.rule.info.types), items, guard, evidence, judge, asked)
        }
        for (const one of group.everywhere) look(one, records)
        for (const index of [...candidates.keys()].toSorted(ascending)) look(ready[index]!, candidates.get(index)!)
      }
      asked.tell(tally)
      return evidence.verdicts
    },
  }
}

/**
 * What a predicate answered. Code that is not type-checked may answer anything: a promise would be true for every record, and
 * tell nobody. Throws TypeError for what is neither true nor false.
 */
export function verdictOf(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  if (answer instanceof Promise) {
    answer.catch(() => {})
    throw new TypeError('match returned a promise: rules decide at once and cannot wait.')
  }
  throw new TypeError(`match returned ${answer === null ? 'null' : typeof answer}: it must return true or false.`)
}

function run(
  one: Ready,
  records: readonly number[],
  items: readonly Item[],
  guard: Guard,
  evidence: Evidence,
  judge: (one: Ready, n: number) => Hit | undefined,
  asked: Asked,
): void {
  const { name } = one.rule.info
  const fail = (n: number, { reason, message }: Failure) => {
    asked.failed(one.index)
    evidence.fail(name, n, reason, message)
  }
  for (let i = 0; i < records.length; i++) {
    const n = records[i]!
    const permission = guard.matching(one.index, items[n]!.number)
    if (permission !== 'run') {
      if (permission !== 'skip') fail(n, permission)
      continue
    }
    try {
      const hit = judge(one, n)
      if (hit) evidence.hit(hit)
    } catch (error) {
      fail(n, { reason: 'RULE_THREW', message: messageOf(error) })
    }
  }
}

/**
 * The rules of a log type: those that name it, and those that name none; these have seen the records of which alerts tell, and
 * do not look at alerts. Made when the first record of it comes.
 */
function groupRules(ready: readonly Ready[]): (schema: string) => Group {
  const groups = new Map<string, Group>()
  return (schema) => {
    const known = groups.get(schema)
    if (known) return known
    const looks = ({ rule: { info } }: Ready) =>
      info.schemas.includes(schema) || (info.schemas.length === 0 && schema !== alertSchema)
    const rules = ready.filter(looks)
    const index = indexCandidates(new Map(rules.map((one) => [one.index, wheresOf(one.rule)])))
    const everywhere = rules.filter((one) => index.everywhere.has(one.index))
    const group = { rules, everywhere, index }
    groups.set(schema, group)
    return group
  }
}

/** An alert of a rule over alerts is seen by none of them, wherever it was read: there are no loops. */
const isFirstHand = ({ data }: Item): boolean => data['schema'] !== alertSchema

const ascending = (a: number, b: number) => a - b

/** Schema name → indexes of its records, in order. */
function recordsBySchema(items: readonly Item[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (let n = 0; n < items.length; n++) {
    const { name } = items[n]!.schema
    const group = groups.get(name)
    if (group) group.push(n)
    else groups.set(name, [n])
  }
  return groups
}
