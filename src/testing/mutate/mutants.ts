import type { AnyNode } from 'acorn'
import { walkCode, walkPredicate } from './code.ts'
import type { Edit } from './edit.ts'
import { walkOptions } from './options.ts'
import { type Source, declarationsOf } from './source.ts'
import { targetsOf } from './targets.ts'
import type { Role, Walk } from './walk.ts'
import { walkWhere } from './where.ts'

/** A small break of a file, and the rules whose tests should notice it. */
export interface Mutant extends Edit {
  readonly rules: readonly string[]
  /** From 1. */
  readonly line: number
}

/**
 * The mutants of a file that declares `rules`: of what decides whether they alert, and of the functions and constants of the
 * same file that it refers to. What an alert says is left alone. In the order of the source.
 */
export function mutantsOf(source: Source, rules: readonly string[]): Mutant[] {
  const declarations = declarationsOf(source.program)
  const found = new Map<string, { readonly edit: Edit; readonly rules: Set<string> }>()
  for (const target of targetsOf(source, rules)) {
    const visited = new Set<string>()
    const visit = (node: AnyNode, role: Role) => walkers[role](walk, node, elsewhere)
    const walk: Walk = {
      text: source.text,
      edit(edit) {
        if (source.text.slice(edit.start, edit.end) === edit.text) return
        const key = `${edit.start} ${edit.end} ${edit.text}`
        const entry = found.get(key) ?? { edit, rules: new Set() }
        for (const rule of target.rules) entry.rules.add(rule)
        found.set(key, entry)
      },
      refer(name, role) {
        const node = declarations.get(name)
        const key = `${role} ${name}`
        if (!node || visited.has(key)) return
        visited.add(key)
        visit(node, role)
      },
      conditions: (node) => walkWhere(walk, node),
    }
    visit(target.node, target.role)
  }
  return [...found.values()]
    .map(({ edit, rules: concerned }) => ({
      ...edit,
      rules: rules.filter((name) => concerned.has(name)),
      line: source.text.slice(0, edit.at ?? edit.start).split('\n').length,
    }))
    .filter((mutant) => mutant.rules.length > 0)
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.text < b.text ? -1 : 1))
}

const elsewhere = { condition: false, returns: false }

type Walker = (walk: Walk, node: AnyNode, position: typeof elsewhere) => void

const walkers: Readonly<Record<Role, Walker>> = {
  predicate: walkPredicate,
  where: walkWhere,
  options: (walk, node) =>
    node.type === 'ObjectExpression' ? walkOptions(walk, node) : walkCode(walk, node, elsewhere),
  code: walkCode,
}
