/** One product of a user agent: `curl/8.5.0`, with the comment after it. */
export interface Product {
  readonly name: string
  /** Empty where none is stated. */
  readonly version: string
  /** The text in brackets after it, without them; empty where there is none. */
  readonly comment: string
}

export interface UserAgentParts {
  /** In their order; what counts is often the first (tools) or one of the last (browsers). */
  readonly products: readonly Product[]
  /** `Windows`, `macOS`, `Linux`, `Android`, `iOS`, `ChromeOS`; undefined: it does not say. Anybody may write anything. */
  readonly system: string | undefined
}

/** Longer user agents are cut. */
const longest = 2_048
const mostProducts = 50

/** Takes a user agent apart, by the grammar of RFC 9110 §10.1.5. What does not follow it gives as many products as it holds. */
export function userAgentParts(text: unknown): UserAgentParts {
  if (typeof text !== 'string') return { products: [], system: undefined }
  const cut = text.slice(0, longest)
  return { products: productsOf(cut), system: systems.find(([, pattern]) => pattern.test(cut))?.[0] }
}

const systems: readonly (readonly [string, RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad|iPod|iOS)\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\b(?:Macintosh|Mac OS X|macOS|Darwin)\b/],
  ['Linux', /\blinux\b/i],
]

function productsOf(text: string): Product[] {
  const products: Product[] = []
  for (let at = 0; at < text.length && products.length < mostProducts; ) {
    if (text[at] === '(') {
      const end = commentEnd(text, at)
      const last = products.pop()
      if (last) products.push({ ...last, comment: last.comment || text.slice(at + 1, end) })
      at = end + 1
      continue
    }
    const token = /[^\s()]+/y
    token.lastIndex = at
    const [found] = token.exec(text) ?? []
    if (found !== undefined) products.push(productOf(found))
    at += found?.length ?? 1
  }
  return products
}

function productOf(token: string): Product {
  const slash = token.indexOf('/')
  return slash < 0
    ? { name: token, version: '', comment: '' }
    : { name: token.slice(0, slash), version: token.slice(slash + 1), comment: '' }
}

/** Where a comment's closing bracket stands; comments may hold comments. The end of the text where none does. */
function commentEnd(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return text.length
}
