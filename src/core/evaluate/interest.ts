import type { Frame, Rule, Schema } from '../contracts/index.ts'
import { type Denial, denialOf } from '../denial/index.ts'
import type { Interest } from '../skim/index.ts'
import type { CandidateIndex } from '../where/candidates.ts'
import type { Asked } from './asked.ts'
import { type Conditions, wheresOf } from './conditions.ts'

/** A rule that looks at a log type. */
interface Ready {
  readonly index: number
  readonly rule: Rule
  readonly conditions: Conditions
}

/** What is known of a rule before it sees a record whole. */
interface Foreseen {
  readonly rule: Rule
  readonly index: number
  /** Whether all that it declares holds. Undefined: nothing is declared, or it has to be watched while it is asked. */
  readonly declared: ((data: unknown) => boolean) | undefined
  /** What its first function is sure to deny. */
  readonly denial: Denial | undefined
}

/**
 * What rules want to see of records of a schema. A record that concerns none would have no verdict but `false`; rules that are asked
 * about it are counted as asked.
 */
export function interestOf(
  { normalise }: Schema,
  rules: readonly Ready[],
  index: CandidateIndex,
  asked: Asked,
): Interest {
  const foreseen = new Map(rules.map((one) => [one.index, foresee(one)]))
  const mayCarry = ({ info }: Rule) =>
    info.types.length === 0 || info.types.some((type) => Object.hasOwn(normalise, type))
  const everywhere = [...foreseen.values()].filter((one) => index.everywhere.has(one.index) && mayCarry(one.rule))
  const isBlind = ({ declared, denial }: Foreseen) => declared === undefined && denial === undefined
  const denied: number[] = []

  /** Whether a rule must see a record whole; notes where it is asked and denies. */
  function mustSee({ rule, declared, denial, index: number }: Foreseen, data: unknown, frame: Frame): boolean {
    if (!isMeant(rule, frame) || declared?.(data) === false) return false
    if (!denial?.denies(data)) return true
    denied.push(number)
    return false
  }

  return {
    inAll: everywhere.some(isBlind),
    paths: [...new Set([...foreseen.values()].flatMap(pathsOf))],
    concerns(data, frame) {
      denied.length = 0
      for (let n = 0; n < everywhere.length; n++) if (mustSee(everywhere[n]!, data, frame)) return true
      const candidates = index.concerned(data)
      for (let n = 0; n < candidates.length; n++) if (mustSee(foreseen.get(candidates[n]!)!, data, frame)) return true
      for (let n = 0; n < denied.length; n++) asked.ask(denied[n]!)
      return false
    },
  }
}

function foresee({ rule, index, conditions }: Ready): Foreseen {
  const [first] = conditions.functions
  // A pattern may take its time: it is asked where somebody watches which rule it is of. So are rules that wait for what records carry.
  const isQuick = testsOf(rule).every(({ op }) => op !== 'matches')
  const isCounted = rule.info.types.length === 0 && (isQuick || conditions.declared === undefined)
  return {
    ...{ rule, index },
    declared: isQuick ? conditions.declared : undefined,
    denial: isCounted && first ? denialOf(first) : undefined,
  }
}

/** Whatever is looked at. */
const pathsOf = ({ rule, denial }: Foreseen): readonly string[] => [
  ...rule.requires.map(({ text }) => text),
  ...testsOf(rule).map(({ path }) => path),
  ...(denial?.paths ?? []),
]

const testsOf = (rule: Rule) =>
  wheresOf(rule).flatMap(({ alternatives }) => alternatives.flat().flatMap(({ tests }) => tests))

/** Whether a rule looks at a frame. */
export const isMeant = ({ info }: Rule, { cluster, verdictOf }: Frame) =>
  (info.clusters === undefined || info.clusters.includes(cluster)) &&
  (verdictOf === undefined || verdictOf === info.name)
