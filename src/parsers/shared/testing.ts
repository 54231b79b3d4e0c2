/** Helpers for the tests of parsers; not published. */
import type { ParseContext, Parsed, ParseFailure, ParserUse } from '../../core/contracts/index.ts'
import { compileUse, failed } from './use.ts'

/** All that a parser finds in a text. */
export function parse(
  use: ParserUse,
  text: string,
  context: ParseContext = { first: false },
  fields: readonly string[] = [],
) {
  return compileUse(use, fields)(text, context)
}

/** The data of the one record in a text. Throws when there are more, or none. */
export function record(use: ParserUse, text: string, fields: readonly string[] = []): Record<string, unknown> {
  return whole(use, text, fields).data
}

/** The one record in a text, with its envelope. Throws when there are more, or none. */
export function whole(use: ParserUse, text: string, fields: readonly string[] = []): Parsed {
  const found = parse(use, text, { first: false }, fields)
  const only: Parsed | ParseFailure | undefined = 'failure' in found ? found : found[0]
  if ('failure' in found || only === undefined || found.length > 1 || failed(only)) {
    throw new Error(`expected one record, found ${JSON.stringify(found)}`)
  }
  return only
}

/** The reason why a text, or the only record in it, is not of the format. */
export function failure(use: ParserUse, text: string, fields: readonly string[] = []): ParseFailure {
  const found = parse(use, text, { first: false }, fields)
  const only = 'failure' in found ? found : found[0]
  if (only === undefined || !failed(only)) throw new Error(`expected a failure, found ${JSON.stringify(found)}`)
  return only
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Makes things at random, the same ones for the same seed. */
export function generator(seed: number) {
  const random = randomNumbers(seed)
  const integer = (below: number): number => Math.floor(random() * below)
  const pick = <T>(choices: readonly T[]): T => choices[integer(choices.length)] as T
  const text = (alphabet: readonly string[], longest: number): string =>
    Array.from({ length: integer(longest + 1) }, () => pick(alphabet)).join('')
  return { integer, pick, text }
}
