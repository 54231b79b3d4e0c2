/** One step of a path: a name, a pattern for one name, or any number of folders. */
export type Segment = { readonly name: string } | { readonly pattern: RegExp } | 'any-depth'

/** `{a,b}` → each alternative; they may be nested. Braces without a comma stand for themselves. */
export function expandBraces(glob: string): readonly string[] {
  let depth = 0
  let open = -1
  let cuts: number[] = []
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]
    if (char === '\\') at++
    else if (char === '{') {
      if (depth++ === 0) {
        open = at
        cuts = []
      }
    } else if (char === ',' && depth === 1) cuts.push(at)
    else if (char === '}' && depth > 0 && --depth === 0 && cuts.length > 0) {
      const before = glob.slice(0, open)
      const edges = [open, ...cuts, at]
      return edges.slice(1).flatMap((edge, n) => {
        const alternative = glob.slice(edges[n]! + 1, edge)
        return expandBraces(before + alternative + glob.slice(at + 1))
      })
    }
  }
  return [glob]
}

/** The steps of a glob without braces; `**` at its end stands for all files below. `/` separates, on every platform; `\` takes the next character as it is. */
export function segmentsOf(glob: string): readonly Segment[] {
  return glob
    .replace(/(^|\/)\*\*\/?$/, '$1**/*')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .map((segment): Segment => {
      if (segment === '**') return 'any-depth'
      if (!/[*?[]/.test(segment.replace(/\\./g, ''))) return { name: segment.replace(/\\(.)/g, '$1') }
      return { pattern: new RegExp(`^${hidden(segment)}${nameSource(segment)}$`, 'su') }
    })
}

/** A test for whole paths with `/`. A glob without a slash is for the last name, at any depth, as in .gitignore. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap(expandBraces).map((glob) => {
    const anchored = glob.includes('/') ? glob.replace(/^\.?\//, (start) => (start === '/' ? start : '')) : `**/${glob}`
    const parts = anchored.split('/').map((part, n, all) => {
      if (part === '**') return n === all.length - 1 ? '.*' : '(?:[^/]+/)*'
      return nameSource(part, n) + (n === all.length - 1 ? '' : '/')
    })
    return new RegExp(`^${parts.join('')}$`, 'su')
  })
  return (path) => patterns.some((pattern) => pattern.test(path))
}

/** As in shells, a wildcard does not stand for the dot of a hidden name. */
const hidden = (segment: string) => (segment.startsWith('.') ? '' : '(?!\\.)')

/**
 * The regular expression of one name. Each star but the last takes as little as it can and never tries again (a lookahead
 * with a reference back is such a group): enough for globs, and no file name can make it slow. `place`: of the name in
 * the whole expression, where there are several.
 */
function nameSource(segment: string, place = 0): string {
  const parts: string[] = ['']
  for (let at = 0; at < segment.length; at++) {
    const char = segment[at]!
    const close = char === '[' ? segment.indexOf(']', at + 2) : -1
    if (char === '*') {
      if (segment[at - 1] !== '*') parts.push('')
      continue
    }
    let source = escape(char)
    if (char === '?') source = '[^/]'
    else if (close > 0) {
      const negated = segment[at + 1] === '!' || segment[at + 1] === '^'
      const members = segment.slice(at + (negated ? 2 : 1), close).replace(/[\\[\]^]/g, '\\$&')
      source = `[${negated ? '^/' : ''}${members}]`
      at = close
    } else if (char === '\\' && at + 1 < segment.length) source = escape(segment[++at]!)
    parts[parts.length - 1] += source
  }
  return parts
    .map((part, n) => {
      if (n === 0) return part
      return n === parts.length - 1 ? `[^/]*${part}` : `(?=(?<p${place}s${n}>[^/]*?${part}))\\k<p${place}s${n}>`
    })
    .join('')
}

const escape = (char: string) => (/[$()*+./?[\\\]^{|}]/.test(char) ? `\\${char}` : char)
