import type { z } from 'zod'
import type { Parser, ParserUse } from './contracts/index.ts'

/** A parser kind that is called with its options to make what a schema names: `json({ path: 'Records[*]' })`. */
export interface ParserKind<O, I> {
  (options?: I): ParserUse
  readonly parser: Parser<O>
}

/**
 * Declares a parser. `defineParser({ name, summary, options: z.strictObject({…}), framing, compile })`.
 * Options are checked when the schema is made: a wrong one throws where it stands.
 */
export function defineParser<S extends z.ZodType>(
  declaration: Omit<Parser<z.output<S>>, 'options'> & { readonly options: S },
): ParserKind<z.output<S>, z.input<S>> {
  const parser = declaration as Parser<z.output<S>>
  const use = (options?: z.input<S>): ParserUse => ({
    parser: parser as Parser,
    options: declaration.options.parse(options ?? {}),
  })
  return Object.assign(use, { parser })
}
