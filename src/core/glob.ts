/** Says whether a text matches. */
export type Matches = (text: string) => boolean

/** One character of a text, or any number of them. */
type Token = ((unit: string) => boolean) | 'any'

/**
 * Compiles a shell glob over the whole text, case-sensitive: `*` any characters, `?` one, `[a-z]` one of, `[!a-z]` none of,
 * `\` before a character takes it as it is. A bracket that is never closed stands for itself.
 * Matching takes at most text × pattern steps, whatever both hold: there is no regular expression underneath.
 */
export function compileGlob(pattern: string): Matches {
  if (!/[*?[\\]/.test(pattern)) return (text) => text === pattern
  const simple = /^(\*?)([^*?[\\]+)(\*?)$/.exec(pattern)
  if (simple) {
    const [, before, word, after] = simple as unknown as [string, string, string, string]
    if (before && after) return (text) => text.includes(word)
    return before ? (text) => text.endsWith(word) : (text) => text.startsWith(word)
  }
  const tokens = tokenise(pattern)
  return (text) => matches(Array.from(text), tokens)
}

function tokenise(pattern: string): Token[] {
  const tokens: Token[] = []
  const units = Array.from(pattern)
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!
    const close = unit === '[' ? units.indexOf(']', at + (units[at + 1] === '!' ? 3 : 2)) : -1
    if (unit === '*') {
      if (tokens.at(-1) !== 'any') tokens.push('any')
    } else if (unit === '?') {
      tokens.push(() => true)
    } else if (close > 0) {
      tokens.push(oneOf(units.slice(at + 1, close)))
      at = close
    } else {
      const literal = unit === '\\' && at + 1 < units.length ? units[++at]! : unit
      tokens.push((other) => other === literal)
    }
  }
  return tokens
}

function oneOf(set: readonly string[]): (unit: string) => boolean {
  const negated = set[0] === '!'
  const rest = negated ? set.slice(1) : set
  const ranges: (readonly [string, string])[] = []
  for (let at = 0; at < rest.length; at++) {
    if (rest[at + 1] === '-' && at + 2 < rest.length) {
      ranges.push([rest[at]!, rest[at + 2]!])
      at += 2
    } else {
      ranges.push([rest[at]!, rest[at]!])
    }
  }
  return (unit) => ranges.some(([from, to]) => unit >= from && unit <= to) !== negated
}

/** On a mismatch the last `*` takes one character more; earlier ones never need another look. */
function matches(units: readonly string[], tokens: readonly Token[]): boolean {
  let unit = 0
  let token = 0
  let star = -1
  let starUnit = 0
  while (unit < units.length) {
    const current = tokens[token]
    if (current === 'any') {
      star = token++
      starUnit = unit
    } else if (current?.(units[unit]!)) {
      unit++
      token++
    } else if (star >= 0) {
      token = star + 1
      unit = ++starUnit
    } else {
      return false
    }
  }
  while (tokens[token] === 'any') token++
  return token === tokens.length
}
