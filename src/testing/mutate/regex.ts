import { type Edit, type Span, quote, spanWithout } from './edit.ts'

/** A part between parentheses, or the whole pattern. */
interface Group {
  /** Where the alternative that is being read begins. */
  start: number
  readonly alternatives: Span[]
}

/** What stands after the opening parenthesis of a group before its first alternative. */
const groupPrefix = /\?(?:[:=!]|<[=!]|<\w+>|[a-z]*(?:-[a-z]+)?:)/y

/**
 * Ways to weaken or narrow a regular expression literal, given as it is written (`/^a|b/i`): without an anchor, without an
 * alternative, without the flag `i`. Positions are relative to the literal.
 */
export function regexEdits(raw: string): Edit[] {
  const end = raw.lastIndexOf('/')
  const anchors: Span[] = []
  const lists: Span[][] = []
  const open: Group[] = [{ start: 1, alternatives: [] }]
  const close = (at: number) => {
    const group = open.pop()!
    lists.push([...group.alternatives, { start: group.start, end: at }])
  }
  for (let at = 1; at < end; at++) {
    const char = raw[at]
    if (char === '\\') {
      if (raw[at + 1] === 'b') anchors.push({ start: at, end: at + 2 })
      at++
    } else if (char === '[') at = endOfClass(raw, at)
    else if (char === '^' || char === '$') anchors.push({ start: at, end: at + 1 })
    else if (char === '(') {
      groupPrefix.lastIndex = at + 1
      const prefix = groupPrefix.exec(raw)?.[0].length ?? 0
      open.push({ start: at + 1 + prefix, alternatives: [] })
      at += prefix
    } else if (char === '|') {
      const group = open.at(-1)!
      group.alternatives.push({ start: group.start, end: at })
      group.start = at + 1
    } else if (char === ')') close(at)
  }
  close(end)
  const flag = raw.indexOf('i', end)
  return [
    ...anchors.map((span) => cut(raw, span, span)),
    ...lists
      .filter((list) => list.length > 1)
      .flatMap((list) => list.map((one, n) => cut(raw, spanWithout(list, n), one))),
    ...(flag < 0 ? [] : [cut(raw, { start: flag, end: flag + 1 }, { start: flag, end: flag + 1 })]),
  ]
}

const cut = (raw: string, { start, end }: Span, shown: Span): Edit => ({
  start,
  end,
  text: '',
  change: `dropped ${raw.slice(shown.start, shown.end) || 'an empty alternative'} of ${quote(raw)}`,
})

function endOfClass(raw: string, from: number): number {
  let at = from + 1
  while (at < raw.length && raw[at] !== ']') at += raw[at] === '\\' ? 2 : 1
  return at
}
