import type { z } from 'zod'
import type { Code } from '../errors.ts'

/**
 * How a stretch of text falls apart into texts that are parsed one by one.
 * - `lines`: at line feeds; blank lines are skipped.
 * - `json`: JSON values one after another, on one line each or over several.
 * - `quoted`: at line feeds outside double quotes (CSV with multi-line fields).
 * - `whole`: not at all.
 */
export type Framing = 'lines' | 'json' | 'quoted' | 'whole'

/** One record found in a text. */
export interface Parsed {
  readonly data: Record<string, unknown>
  readonly envelope?: Record<string, unknown>
}

/** Why a text is not of this format. `at` is an offset into the text where that is known. */
export interface ParseFailure {
  readonly failure: string
  readonly at?: number
  /** The reason in the quarantine. Default RECORD_UNPARSABLE. */
  readonly code?: Code
  /** What the quarantine keeps, where the failure is that of one record among several: a text with this one alone. Default: the whole text. */
  readonly text?: () => string
}

/** What a parser may know beside the text. */
export interface ParseContext {
  /** First line of the stream, for formats with a header; with the `#` lines after it, see `headOf` in `core/split/head.ts`. */
  readonly firstLine?: string
  /** True when the text is the stream's first. */
  readonly first: boolean
  /** True: no run of digits in the text is so long that it could be an integer beyond 2^53. To see that of many texts at once is cheap. */
  readonly safeIntegers?: boolean
  /** Shares work among parsers: JSON, or the head of a syslog message, is read once, whatever the number of parsers. */
  readonly once?: Once
}

/**
 * What `read` returns for the text: called once for all who ask with the same function and text while one text of the stream
 * is classified. The result is shared: not to be changed.
 */
export type Once = <T>(read: (text: string) => T, text: string) => T

/** Tells most texts that are not for a parser at a small part of what parsing costs. */
export interface Gate {
  /** Equal for gates with the same verdict, which is asked for once. */
  readonly name: string
  /** False: the parser can read no text that begins with this character (UTF-16 unit). Asked once, not for each text. */
  readonly begins?: (code: number) => boolean
  /** Each text that the parser can read contains one of these. Words of all parsers are looked for at once. */
  readonly words?: readonly string[]
  /** False: the parser cannot read the text, or no schema can take what it reads. */
  readonly passes?: (text: string, context: ParseContext) => boolean
}

/** What a parser makes of a JSON object, where its keys alone tell. */
export interface ObjectReading {
  /** An object with one of these keys is something else. */
  readonly unless: readonly string[]
  /** Any other is a record as it is, without envelope; or holds nothing. */
  readonly is: 'record' | 'nothing'
  /** The envelope of whatever it reads holds keys of the object, and nothing else. */
  readonly isEnvelopeOfKeys: boolean
  /** An object with this key (one of `unless`), whose value is a list, holds a record in each element, without envelope. */
  readonly list?: string
}

/**
 * Parsing one text. Never throws, whatever the bytes were.
 * A text may hold no record (a header, a comment), one, or many; each of many may fail on its own.
 */
export type ParseText = (text: string, context: ParseContext) => readonly (Parsed | ParseFailure)[] | ParseFailure

/**
 * A parser kind, such as `json` or `csv`. `compile` is called once for each distinct set of options; each text is parsed
 * once per (parser, options), however many schemas share them.
 */
export interface Parser<O = unknown> {
  readonly name: string
  readonly summary: string
  readonly options: z.ZodType<O>
  framing(options: O): Framing
  /** Throws a CodedError when the options cannot work (a dangerous pattern). `fields` are the schema's field names in order. */
  compile(options: O, fields: readonly string[]): ParseText
  /**
   * A gate before the parser with these options. `required`: for each schema that shares the parse, the fields of record and
   * envelope that must be there.
   */
  readonly gate?: (options: O, required: readonly (readonly string[])[]) => Gate | undefined
  /** What it makes of JSON objects. Without, or undefined: that has to be tried. */
  readonly readsObject?: (options: O) => ObjectReading | undefined
  /**
   * False: with these options `fields` makes no difference, so that schemas with other fields share the parse. Default: true
   * where `compile` has the second parameter.
   */
  readonly usesFields?: (options: O) => boolean
}

/** A parser with its options, as a schema names it. */
export interface ParserUse {
  readonly parser: Parser
  readonly options: unknown
}
