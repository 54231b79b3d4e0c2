import type { Rule, Schema } from '../contracts/index.ts'
import type { Interest } from '../skim/index.ts'
import type { CandidateIndex } from '../where/candidates.ts'
import { type Conditions, wheresOf } from './conditions.ts'

interface Ready {
  readonly index: number
  readonly rule: Rule
  readonly conditions: Conditions
}

/**
 * What rules want to see of records of a schema: those for which all holds that one of them declares, and records that may carry
 * something for a rule without conditions.
 */
export function interestOf(
  { normalise }: Schema,
  rules: readonly Ready[],
  everywhere: readonly Ready[],
  index: CandidateIndex,
): Interest {
  const mayCarry = ({ rule: { info } }: Ready) =>
    info.types.length === 0 || info.types.some((type) => Object.hasOwn(normalise, type))
  const declared = new Map(rules.map((one) => [one.index, isQuick(one.rule) ? one.conditions.declared : undefined]))
  return {
    inAll: everywhere.some(mayCarry),
    paths: [...new Set(rules.flatMap(({ rule }) => pathsOf(rule)))],
    concerns: (data) => index.concerned(data).some((rule) => declared.get(rule)?.(data) !== false),
  }
}

/** Whatever its conditions look at. */
const pathsOf = (rule: Rule): readonly string[] => [
  ...rule.requires.map(({ text }) => text),
  ...testsOf(rule).map(({ path }) => path),
]

/** A pattern may take its time: it is asked where somebody watches which rule it is of. */
const isQuick = (rule: Rule): boolean => testsOf(rule).every(({ op }) => op !== 'matches')

const testsOf = (rule: Rule) =>
  wheresOf(rule).flatMap(({ alternatives }) => alternatives.flat().flatMap(({ tests }) => tests))
