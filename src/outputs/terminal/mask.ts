import type { Alert } from '../../core/contracts/index.ts'
import { compilePath } from '../../core/paths.ts'

/** What a sensitive value is shown as. */
export const hidden = '•••'

/** Keeps sensitive values off the screen. */
export interface Mask {
  /** True for a path that is sensitive or lies within one that is. */
  readonly covers: (path: string) => boolean
  /** The text with sensitive values replaced: titles and contexts are made from records. */
  readonly text: (text: string) => string
}

/** Shorter values are hidden where they stand, but not looked for in texts: too many words hold them by accident. */
const shortest = 4

/** Values that are looked for in texts: each is a search of its own through all of them. */
const most = 100

/** The mask of an alert. `sensitive`: paths of its schema. */
export function maskFor(alert: Pick<Alert, 'record'>, sensitive: readonly string[]): Mask {
  if (sensitive.length === 0) return { covers: () => false, text: (text) => text }
  const values = new Set(sensitive.flatMap((path) => leaves(compilePath(path).all(alert.record.data))))
  const long = [...values]
    .filter((value) => value.length >= shortest)
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
  const patterns = sensitive.map((path) => segments(path))
  return {
    covers(path) {
      const given = segments(path)
      return patterns.some((pattern) => pattern.every((name, index) => name === '*' || name === given[index]))
    },
    text(text) {
      return values.has(text) ? hidden : long.reduce((left, value) => left.replaceAll(value, hidden), text)
    },
  }
}

/** The names on a path, without the places in lists. */
const segments = (path: string) =>
  path
    .replaceAll(/\[\d*\]/g, '')
    .replaceAll(/\[['"](.*?)['"]\]/g, '.$1')
    .split('.')

/** All scalars within values, as text. */
function leaves(values: readonly unknown[]): string[] {
  const open = [...values]
  const found: string[] = []
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value))
    else if (typeof value === 'number') found.push(value.toString())
    else if (typeof value === 'string' && value !== '') found.push(value)
  }
  return found
}
