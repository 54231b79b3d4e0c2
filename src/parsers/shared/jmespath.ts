import jmespath from 'jmespath'
import { CodedError, messageOf } from '../../core/errors.ts'
import { asKey } from './record.ts'

/** Values found in a document, or the reason why there are none. An entry that lacks what the path asks for is undefined. */
export type Select = (document: unknown) => readonly unknown[] | string

/** The way to the records of a document. */
export interface RecordPath {
  readonly select: Select
  /** The key that the path begins with; undefined when it begins otherwise. */
  readonly key: string | undefined
  /** Of a document that holds a list, what leads to its n-th entry alone; undefined where that cannot be told from the path. */
  readonly only?: (document: unknown, n: number) => Record<string, unknown>
}

const plainPath = /^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?(?:\[\*\](?:\.[A-Za-z_]\w*)*)?$/

/**
 * Compiles a JMESPath expression (https://jmespath.org/specification.html). Throws SCHEMA_INVALID when it is malformed.
 *
 * Plain paths (`a.b`, `a.b[*]`, `[*].c`) are walked directly: that is faster, and unlike a JMESPath projection it does
 * not drop list entries that lack the field, so that each can be reported.
 */
export function compileJmespath(path: string): RecordPath {
  if (path !== '' && plainPath.test(path)) return walker(path)
  const fault = syntaxFault(path)
  if (fault !== undefined) {
    throw new CodedError('SCHEMA_INVALID', `path "${path}" is not JMESPath: ${fault}`, {
      hint: 'See https://jmespath.org for the notation.',
    })
  }
  const select: Select = (document) => {
    try {
      const found: unknown = jmespath.search(document, path)
      if (found === null || found === undefined) return `path ${path} finds nothing`
      return Array.isArray(found) ? found : [found]
    } catch (error) {
      return `path ${path}: ${messageOf(error)}`
    }
  }
  const [, plain, quoted] = /^(?:([A-Za-z_]\w*)(?!\w|\()|("(?:[^"\\]|\\.)*"))/.exec(path) ?? []
  const key = quoted === undefined ? plain : String(JSON.parse(quoted))
  return { select, key: key && asKey(key) }
}

/** The library compiles only by searching; faults of the expression itself are told by their names. */
function syntaxFault(path: string): string | undefined {
  try {
    jmespath.search({}, path)
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'ParserError' || name === 'LexerError') return messageOf(error)
  }
  return undefined
}

function walker(path: string): RecordPath {
  const [before = '', after] = path.split('[*]')
  const outer = before === '' ? [] : before.split('.').map(asKey)
  const inner = after ? after.slice(1).split('.').map(asKey) : []
  const [key] = outer
  const select: Select = (document) => {
    const found = descend(document, outer)
    if (Array.isArray(found)) return inner.length === 0 ? found : found.map((entry) => descend(entry, inner))
    if (after !== undefined) return `path ${path} finds no list`
    return found === null || found === undefined ? `path ${path} finds nothing` : [found]
  }
  if (key === undefined) return { select, key }
  const only: RecordPath['only'] = (document, n) => {
    const entry = (descend(document, outer) as readonly unknown[])[n]
    return outer.reduceRight<unknown>((value, name) => ({ [name]: value }), [entry]) as Record<string, unknown>
  }
  return { select, key, only }
}

function descend(value: unknown, names: readonly string[]): unknown {
  let here = value
  for (const name of names) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined
    here = (here as Record<string, unknown>)[name]
  }
  return here
}
