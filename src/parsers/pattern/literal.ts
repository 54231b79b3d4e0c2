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
