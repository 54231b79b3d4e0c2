import type { AnyNode } from 'acorn'
import type { Edit } from './edit.ts'

/** What a declaration is to the rule that refers to it. */
export type Role =
  /** A function whose result is a condition, or a value that holds such functions. */
  | 'predicate'
  /** Declared conditions on fields. */
  | 'where'
  /** Options of a rule. */
  | 'options'
  | 'code'

/** One walk through what a rule is decided by. */
export interface Walk {
  readonly text: string
  /** A way to break the rule. */
  edit(edit: Edit): void
  /** Something declared elsewhere in the file decides too. */
  refer(name: string, role: Role): void
  /** Declared conditions stand within code. */
  conditions(node: AnyNode): void
}

/** The source of a node. */
export const slice = (walk: Walk, node: AnyNode) => walk.text.slice(node.start, node.end)

export const isFunction = (node: AnyNode) =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration'
