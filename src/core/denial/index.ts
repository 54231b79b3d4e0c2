import type { BlockStatement, Statement } from 'acorn'
import { compileExpression, conditional } from './expression.ts'
import { type Scope, readSource } from './source.ts'
import { type Term, nothing } from './term.ts'

/** What a predicate is sure to deny. */
export interface Denial {
  /** Paths (see `compilePath`) of all values that `denies` looks at; in front of each those of what it lies in. */
  readonly paths: readonly string[]
  /**
   * True: the predicate answers `false` for the record, and does nothing else. `data`: the record, or a part of it that holds
   * whatever the record holds at `paths`; objects and lists found there may be empty.
   */
  denies(data: unknown): boolean
}

/**
 * Reads the source of a predicate, so that records can be left out without calling it. It is taken to be called with plain data, and
 * with objects behind it that may be read. Undefined where nothing can be told of it: code that is not understood, native code, no
 * parameter, no value of the record that it depends on.
 */
export function denialOf(predicate: (...given: never[]) => unknown): Denial | undefined {
  const { of, paths } = termOf(Function.prototype.toString.call(predicate))
  return paths.length === 0 ? undefined : { paths: [...new Set(paths)], denies: (data) => of(data) === false }
}

function termOf(text: string): Term {
  try {
    const source = readSource(text)
    if (!source) return nothing
    const { body, scope } = source
    return body.type === 'BlockStatement' ? compileBlock(body, scope, nothing) : compileExpression(body, scope, true)
  } catch (error) {
    // No source, or one that is nested too deep.
    if (error instanceof SyntaxError || error instanceof RangeError) return nothing
    throw error
  }
}

/** Understood are `return`, `if` and what of them is in blocks. Behind anything else nothing is known. */
function compileBlock({ body }: BlockStatement, scope: Scope, behind: Term): Term {
  return body.reduceRight((rest, statement) => compileStatement(statement, scope, rest), behind)
}

function compileStatement(statement: Statement, scope: Scope, rest: Term): Term {
  switch (statement.type) {
    case 'ReturnStatement':
      return statement.argument ? compileExpression(statement.argument, scope, true) : nothing
    case 'IfStatement': {
      const { test, consequent, alternate } = statement
      const yes = compileStatement(consequent, scope, rest)
      const no = alternate ? compileStatement(alternate, scope, rest) : rest
      return conditional(compileExpression(test, scope, false), yes, no)
    }
    case 'BlockStatement':
      // Names that are declared in it hold in all of it.
      return statement.body.some(({ type }) => type.endsWith('Declaration'))
        ? nothing
        : compileBlock(statement, scope, rest)
    default:
      return nothing
  }
}
