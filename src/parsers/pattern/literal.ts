import { type Chars, anyChar, noChar, union } from './chars.ts'
import type { Node } from './syntax.ts'

/**
 * The longest text that all texts contain which the expression covers; empty when there is none. To look for it costs next to
 * nothing, and tells most texts of other formats.
 */
export function literalOf(root: Node): string {
  let longest = ''
  let run = ''
  const end = () => {
    if (run.length > longest.length) longest = run
    run = ''
  }
  const walk = (node: Node): void => {
    if (node.kind === 'sequence') return node.parts.forEach(walk)
    const only = node.kind === 'chars' && node.chars.length === 1 ? node.chars[0] : undefined
    if (only && only[0] === only[1]) {
      run += String.fromCharCode(only[0])
      return
    }
    end()
    // Something repeated is there at least once, but not next to what stands around it.
    if (node.kind === 'repeat' && node.min > 0) walk(node.of)
    end()
  }
  walk(root)
  end()
  return longest
}

/** The characters with which a text may begin that the expression covers, or any when that may be none. */
export function firstOf(root: Node): Chars {
  const { chars, empty } = beginning(root)
  return empty ? anyChar : chars
}

interface Beginning {
  readonly chars: Chars
  /** True when the part may match nothing: then what follows begins the text. */
  readonly empty: boolean
}

function beginning(node: Node): Beginning {
  if (node.kind === 'chars') return { chars: node.chars, empty: false }
  if (node.kind === 'repeat') {
    const { chars, empty } = beginning(node.of)
    return { chars, empty: empty || node.min === 0 }
  }
  if (node.kind === 'choice') {
    const all = node.options.map(beginning)
    return { chars: union(...all.map(({ chars }) => chars)), empty: all.some(({ empty }) => empty) }
  }
  let chars = noChar
  for (const part of node.parts) {
    const next = beginning(part)
    chars = union(chars, next.chars)
    if (!next.empty) return { chars, empty: false }
  }
  return { chars, empty: true }
}
