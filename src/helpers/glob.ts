import { compileGlob } from '../core/glob.ts'

/**
 * Whether a text matches one of the patterns: `*` any characters, `?` one, `[a-z]` one of, `[!a-z]` none of. Case counts.
 * What is no text matches none. Takes at most text × pattern steps.
 *
 *   const internal = glob('*.corp.example', 'localhost')
 *   internal(record.host)
 */
export function glob(...patterns: readonly string[]): (text: unknown) => boolean {
  const matchers = patterns.map(compileGlob)
  return (text) => typeof text === 'string' && matchers.some((matches) => matches(text))
}
