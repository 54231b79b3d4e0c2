import { dig, parsedJson } from './data.ts'

/**
 * Whether a new bypass code has no bound of one kind: `valid_secs`, `remaining_uses`. Duo describes the code as JSON text; a
 * bound that is null or not mentioned is none. Of a description that is no JSON object nothing is known: false.
 */
export function isUnlimited(description: unknown, bound: 'valid_secs' | 'remaining_uses'): boolean {
  const code = parsedJson(description)
  const isObject = typeof code === 'object' && code !== null && !Array.isArray(code)
  return isObject && (dig(code, bound) ?? null) === null
}
