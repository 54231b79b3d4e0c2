import type { AnyNode, CallExpression } from 'acorn'
import type { Role } from './walk.ts'
import { type Source, childrenOf, declarationsOf, keyOf, nodesIn } from './source.ts'
import { isFunction } from './walk.ts'

/** A part of a file, and the rules it decides. */
export interface Target {
  readonly rules: readonly string[]
  readonly role: Role
  readonly node: AnyNode
}

/**
 * Where the rules of a file are declared: the options of each `defineRule`, and what is handed to functions of the file that
 * call it. A call that states the name of a rule is of that rule, any other of all rules whose name stands nowhere.
 */
export function targetsOf({ program }: Source, rules: readonly string[]): Target[] {
  const makers = [...declarationsOf(program)].filter(
    ([, node]) => isFunction(node) && callsIn(node, isDefineRule).length > 0,
  )
  const makerNames = new Set(makers.map(([name]) => name))
  const calls = callsIn(program, (call) => isDefineRule(call) || makerNames.has(calleeOf(call) ?? ''))
  const stated = new Map(calls.map((call) => [call, statedNames(call).find((name) => rules.includes(name))]))
  const others = rules.filter((name) => ![...stated.values()].includes(name))

  function rulesOf(call: CallExpression): readonly string[] {
    const name = stated.get(call)
    if (name !== undefined) return [name]
    const maker = makers.find(([, { start, end }]) => start <= call.start && call.end <= end)?.[0]
    const uses = maker === undefined ? [] : calls.filter((other) => calleeOf(other) === maker && other !== call)
    return uses.length === 0 ? others : uses.flatMap((use) => stated.get(use) ?? others)
  }

  return calls.flatMap((call) =>
    call.arguments.flatMap((node): Target[] => {
      const role = roleOf(node)
      return role ? [{ rules: rulesOf(call), role, node }] : []
    }),
  )
}

const calleeOf = ({ callee }: CallExpression) => (callee.type === 'Identifier' ? callee.name : undefined)
const isDefineRule = (call: CallExpression) => calleeOf(call) === 'defineRule'

const callsIn = (node: AnyNode, wanted: (call: CallExpression) => boolean): CallExpression[] =>
  [...nodesIn(node)].filter((one) => one.type === 'CallExpression').filter(wanted)

/** Texts that may be a rule's name: an argument, or the option `name`. */
const statedNames = (call: CallExpression): string[] =>
  call.arguments
    .flatMap((argument) =>
      argument.type === 'ObjectExpression'
        ? argument.properties.filter((one) => keyOf(one) === 'name').flatMap(childrenOf)
        : [argument],
    )
    .flatMap((node) => (node.type === 'Literal' && typeof node.value === 'string' ? [node.value] : []))

function roleOf(node: AnyNode): Role | undefined {
  if (node.type === 'ObjectExpression') return 'options'
  if (isFunction(node)) return 'predicate'
  return node.type === 'Literal' ? undefined : 'code'
}
