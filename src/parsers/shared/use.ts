import { z } from 'zod'
import type { ParseContext, Parsed, ParseFailure, ParserUse, ParseText } from '../../core/contracts/index.ts'
import { isObject } from './record.ts'

/** An option that takes a further parser, such as `syslog({ message: json() })`. Stated as unknown to stay printable as JSON Schema. */
export const parserUse = z
  .unknown()
  .refine((value) => isObject(value) && isObject(value.parser) && 'options' in value, {
    error: 'expected a parser with its options, such as json()',
  }) as unknown as z.ZodType<ParserUse, ParserUse>

/** Compiles a further parser. */
export const compileUse = (use: ParserUse, fields: readonly string[]): ParseText =>
  use.parser.compile(use.options, fields)

/** What a further parser knows: the head of the stream is not that of the texts inside. */
export const alone: ParseContext = { first: false }

/** Whether what a further parser finds depends on the schema's field names; see `Parser.usesFields`. */
export const usesFields = ({ parser, options }: ParserUse): boolean =>
  parser.usesFields ? parser.usesFields(options) : parser.compile.length > 1

/** True for what holds no record but the reason why. */
export const failed = (result: Parsed | ParseFailure): result is ParseFailure => 'failure' in result

/** Lays fields found around a text beside the envelope that its own parser found; the latter wins on equal names. */
export function wrap(
  results: ReturnType<ParseText>,
  envelope: Record<string, unknown> | undefined,
): ReturnType<ParseText> {
  if (envelope === undefined || 'failure' in results) return results
  return results.map((result) =>
    failed(result) ? result : { data: result.data, envelope: { ...envelope, ...result.envelope } },
  )
}
