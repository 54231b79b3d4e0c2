import ipaddr from 'ipaddr.js'
import { type Source, keyOf, nodesIn } from './source.ts'

/** What a file of rules talks of: values and names that its records may be changed to. */
export interface Pool {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
  /** Names of fields. */
  readonly names: readonly string[]
}

/** Gathers from a source what stands nearest to `from` first: that is most likely what a mutant there no longer asks. */
export function poolOf({ program }: Source, from: number): Pool {
  const texts: string[] = []
  const numbers: number[] = []
  const names: string[] = []
  const nodes = [...nodesIn(program)].toSorted((a, b) => Math.abs(a.start - from) - Math.abs(b.start - from))
  for (const node of nodes) {
    const key = keyOf(node)
    if (key !== undefined) names.push(key)
    if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier')
      names.push(node.property.name)
    if (node.type !== 'Literal') continue
    if (typeof node.value === 'number') numbers.push(node.value)
    if (node.regex) texts.push(...(node.regex.pattern.match(/[\w.-]{2,}/g) ?? []))
    if (typeof node.value !== 'string' || node.value.length > 100) continue
    texts.push(node.value, ...besideNetwork(node.value))
    names.push(node.value)
  }
  const few = <T>(values: readonly T[], most: number) => [...new Set(values)].slice(0, most)
  return {
    texts: few(texts, 40),
    numbers: few(
      numbers.flatMap((n) => [n, n + 1, n - 1]),
      30,
    ),
    names: few(
      names.flatMap((name) => name.split('.')).filter((name) => /^[\w-]+$/.test(name)),
      40,
    ),
  }
}

/** For a network: its first address, and the same one in the network beside it. */
function besideNetwork(text: string): string[] {
  if (!ipaddr.isValidCIDR(text)) return []
  const [network, bits] = ipaddr.parseCIDR(text)
  const bytes = network.toByteArray()
  const last = Math.max(bits - 1, 0)
  const sibling = bytes.with(last >> 3, (bytes[last >> 3] ?? 0) ^ (0x80 >> (last & 7)))
  return [network.toString(), ipaddr.fromByteArray(sibling).toString()]
}
