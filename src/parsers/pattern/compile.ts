import { CodedError, messageOf } from '../../core/errors.ts'
import { put } from '../shared/record.ts'
import { expandGrok } from './grok.ts'
import type { Chars } from './chars.ts'
import { firstOf, literalOf } from './literal.ts'
import { growthOf } from './safety.ts'
import { readSyntax } from './syntax.ts'

/** Reads a text; undefined when the pattern does not cover it. */
export interface CompiledPattern {
  /** Longest text, in characters, that it may be tried on. */
  readonly maxLength: number
  readonly read: (text: string) => Record<string, unknown> | undefined
}

/**
 * Longest text by how time grows with it (n¹, n², n³), so that none takes much longer than a second. What grows faster is
 * refused.
 */
const limits: readonly number[] = [Infinity, Infinity, 16_384, 1_024]

/**
 * Compiles a pattern that must cover the whole text; `.` is any character. Named groups and `%{NAME:field}` become fields;
 * of equal names the first that took part counts. Throws PATTERN_INVALID with the reason; see decision 0005.
 */
export function compilePattern(
  pattern: string,
  library: ReadonlyMap<string, string>,
  absent: ReadonlySet<string>,
): CompiledPattern {
  try {
    const { source, fields } = expandGrok(pattern, library)
    const regExp = new RegExp(`^(?:${source})$`, 's')
    const { root, groups } = readSyntax(source)
    const growth = growthOf(root)
    const maxLength = limits[growth]
    if (maxLength === undefined) {
      throw new Error(
        `it can take time that grows with the ${growth}th power of the text's length: ${growth} parts after one another can read the same text`,
      )
    }
    const names = groups.map((group) => (group === undefined ? undefined : (fields.get(group) ?? group)))
    const literal = literalOf(root)
    const read = (text: string) => (text.includes(literal) ? toRecord(regExp.exec(text), names, absent) : undefined)
    return { maxLength, read }
  } catch (error) {
    throw new CodedError('PATTERN_INVALID', `${pattern}: ${messageOf(error)}`, {
      hint: 'Say exactly what a part may contain, such as [^ ]* instead of .*, and repeat nothing that repeats by itself.',
    })
  }
}

/** What tells a text that the pattern covers, at little cost. */
export interface Signs {
  /** Every such text contains it. */
  readonly literal: string
  /** Every such text begins with one of these. */
  readonly first: Chars
}

/** Throws an Error for what is no pattern. */
export function signsOf(pattern: string, library: ReadonlyMap<string, string>): Signs {
  const { root } = readSyntax(expandGrok(pattern, library).source)
  return { literal: literalOf(root), first: firstOf(root) }
}

function toRecord(
  found: RegExpExecArray | null,
  names: readonly (string | undefined)[],
  absent: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  if (found === null) return undefined
  const data: Record<string, unknown> = {}
  for (let index = 0; index < names.length; index++) {
    const name = names[index]
    const value = found[index + 1]
    if (name === undefined || value === undefined || absent.has(value) || Object.hasOwn(data, name)) continue
    put(data, name, value)
  }
  return data
}
