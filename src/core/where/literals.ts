/**
 * Finds, of many texts, those that a value may contain, in one pass over the value whatever their number. Each text is entered
 * under four characters of it that few others have; at each place of a value the four characters there are looked up, first in
 * a table of bits that stays in the cache. Upper and lower case are the same here: what is found is asked exactly afterwards.
 */
export interface Literals {
  /** Tells of each rule one of whose texts may be in the value; of some more than once. */
  look(value: string, tell: (rule: number) => void): void
}

/** Texts shorter than this are looked for one by one. */
const width = 4
const bitsOfHash = 15

/** `texts`: what rules look for. */
export function indexLiterals(texts: readonly { readonly text: string; readonly rule: number }[]): Literals {
  const folded = texts.map(({ text, rule }) => ({ text: text.toLowerCase(), rule }))
  const byGram = new Map<number, number[]>()
  const bits = new Uint8Array(1 << bitsOfHash)
  const short = new Map<string, number[]>()
  const uses = new Map<number, number>()
  for (const { text } of folded) for (const gram of new Set(gramsOf(text))) uses.set(gram, (uses.get(gram) ?? 0) + 1)
  for (const { text, rule } of folded) {
    const grams = gramsOf(text)
    if (grams.length === 0) {
      put(short, text, rule)
      continue
    }
    const rarest = grams.reduce((best, gram) => (uses.get(gram)! < uses.get(best)! ? gram : best))
    put(byGram, rarest, rule)
    bits[hashOf(rarest)] = 1
  }

  const lookAt = (value: string, tell: (rule: number) => void): boolean => {
    let gram = 0
    let any = 0
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      any |= code
      gram = next(gram, code)
      if (bits[hashOf(gram)] === 0 || at < width - 1) continue
      const rules = byGram.get(gram)
      if (rules) for (let n = 0; n < rules.length; n++) tell(rules[n]!)
    }
    return any < 0x80
  }

  return {
    look(value, tell) {
      const ascii = byGram.size === 0 || lookAt(value, tell)
      // Beyond ASCII the lower case of a letter is no matter of one bit.
      if (!ascii) lookAt(value.toLowerCase(), tell)
      if (short.size === 0) return
      const lower = value.toLowerCase()
      for (const [text, rules] of short) if (lower.includes(text)) for (const rule of rules) tell(rule)
    },
  }
}

/** A character more, the oldest of four forgotten. The bit that tells cases of ASCII letters apart is left out. */
const next = (gram: number, code: number) => (gram << 8) | ((code | 0x20) & 0xff)

const hashOf = (gram: number) => Math.imul(gram, 0x9e3779b1) >>> (32 - bitsOfHash)

function gramsOf(text: string): number[] {
  const grams: number[] = []
  let gram = 0
  for (let at = 0; at < text.length; at++) {
    gram = next(gram, text.charCodeAt(at))
    if (at >= width - 1) grams.push(gram)
  }
  return grams
}

function put<K>(lists: Map<K, number[]>, key: K, rule: number): void {
  const list = lists.get(key)
  if (!list) lists.set(key, [rule])
  else if (list.at(-1) !== rule) list.push(rule)
}
