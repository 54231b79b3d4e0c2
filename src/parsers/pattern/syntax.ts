import { anyChar, type Chars, classes, invert, noChar, single, union } from './chars.ts'

/** A regular expression as a tree: what matters for how long it may take. */
export type Node =
  | { readonly kind: 'chars'; readonly chars: Chars }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number }

export interface Syntax {
  readonly root: Node
  /** Names of the capturing groups in their order; undefined for those that have none. */
  readonly groups: readonly (string | undefined)[]
}

const nothing: Node = { kind: 'sequence', parts: [] }
const quantifier = /([*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y
const groupStart = /\((?:\?(?:(:)|<([A-Za-z_$][\w$]*)>|([^])))?/y
const hex = /x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})/y
const controls: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['0', 0],
])

/**
 * Reads a regular expression that JavaScript accepts (flags: only `s`). Throws an Error that names what is not allowed here:
 * what goes beyond regular languages (backreferences, lookarounds), and modifiers.
 */
export function readSyntax(source: string): Syntax {
  const groups: (string | undefined)[] = []
  let at = 0

  const take = (form: RegExp): RegExpExecArray | undefined => {
    form.lastIndex = at
    const found = form.exec(source)
    if (found) at = form.lastIndex
    return found ?? undefined
  }

  function choice(): Node {
    const options = [sequence()]
    while (source[at] === '|') {
      at++
      options.push(sequence())
    }
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options }
  }

  function sequence(): Node {
    const parts: Node[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()))
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts }
  }

  function repeated(of: Node): Node {
    const found = take(quantifier)
    if (!found) return of
    const [, sign, low, comma, high] = found
    if (sign === '*') return { kind: 'repeat', of, min: 0, max: Infinity }
    if (sign === '+') return { kind: 'repeat', of, min: 1, max: Infinity }
    if (sign === '?') return { kind: 'repeat', of, min: 0, max: 1 }
    const max = comma === undefined ? Number(low) : high === '' ? Infinity : Number(high)
    return { kind: 'repeat', of, min: Number(low), max }
  }

  function atom(): Node {
    const char = source[at] as string
    if (char === '(') return group()
    if (char === '[') return { kind: 'chars', chars: bracket() }
    at++
    if (char === '^' || char === '$') return nothing
    if (char === '.') return { kind: 'chars', chars: anyChar }
    if (char !== '\\') return { kind: 'chars', chars: single(char.charCodeAt(0)) }
    if (source[at] === 'b' || source[at] === 'B') {
      at++
      return nothing
    }
    return { kind: 'chars', chars: escaped() }
  }

  function group(): Node {
    const [, plain, name, special] = take(groupStart) as RegExpExecArray
    if (special === '=' || special === '!' || special === '<') throw new Error('lookarounds are not allowed')
    if (special !== undefined) throw new Error(`(?${special} is not allowed`)
    if (plain === undefined) groups.push(name)
    const inner = choice()
    at++
    return inner
  }

  /** After a backslash: a class, a control character, or the character itself. */
  function escaped(): Chars {
    const code = take(hex)
    if (code) return single(Number.parseInt((code[1] ?? code[2]) as string, 16))
    const name = source[at++] as string
    const known = classes.get(name)
    if (known) return known
    const control = controls.get(name)
    if (control !== undefined) return single(control)
    if (/[1-9k]/.test(name)) throw new Error('backreferences are not allowed')
    if (/[A-Za-z]/.test(name)) throw new Error(`\\${name} is not allowed`)
    return single(name.charCodeAt(0))
  }

  function bracket(): Chars {
    at++
    const negated = source[at] === '^'
    if (negated) at++
    let chars = noChar
    while (source[at] !== ']') {
      const from = member()
      if (source[at] === '-' && source[at + 1] !== ']') {
        at++
        const to = member()
        const range: Chars = [[from[0]?.[0] ?? 0, to.at(-1)?.[1] ?? 0xffff]]
        chars = union(chars, range)
      } else chars = union(chars, from)
    }
    at++
    return negated ? invert(chars) : chars
  }

  function member(): Chars {
    if (source[at] !== '\\') return single(source.charCodeAt(at++))
    at++
    if (source[at] !== 'b') return escaped()
    at++
    return single(8)
  }

  return { root: choice(), groups }
}
