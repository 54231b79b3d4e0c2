import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { type AnyNode, type Program, parse } from 'acorn'

/** A file as it is mutated: its JavaScript, every character where it stands in the TypeScript. */
export interface Source {
  readonly text: string
  readonly program: Program
}

/** Reads a file of rules. Throws SyntaxError when it is no module. */
export function readSource(file: string): Source {
  const text = stripTypeScriptTypes(readFileSync(file, 'utf8'), { mode: 'strip' })
  return { text, program: parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }) }
}

/** The nodes directly below a node, in the order of the source. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .toSorted((a, b) => a.start - b.start)
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value

/** A node and all below it. */
export function* nodesIn(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of childrenOf(node)) yield* nodesIn(child)
}

/** Functions and constants that a module declares at its top, by name. */
export function declarationsOf(program: Program): ReadonlyMap<string, AnyNode> {
  const found = new Map<string, AnyNode>()
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'FunctionDeclaration') found.set(declared.id.name, declared)
    if (declared?.type !== 'VariableDeclaration') continue
    for (const { id, init } of declared.declarations) if (id.type === 'Identifier' && init) found.set(id.name, init)
  }
  return found
}

/** The name of a property that is not computed. */
export function keyOf(node: AnyNode): string | undefined {
  if (node.type !== 'Property' || node.computed) return undefined
  if (node.key.type === 'Identifier') return node.key.name
  return node.key.type === 'Literal' ? String(node.key.value) : undefined
}
