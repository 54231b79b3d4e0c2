/**
 * Every error a person may meet has a code in this table. The page `docs/reference/errors.md` is made from it.
 * Codes are stable: a user may search for them.
 */
export const codes = {
  // configuration and project
  CONFIG_MISSING: 'There is no streamalert.yaml in the project folder.',
  CONFIG_SYNTAX: 'streamalert.yaml is not valid YAML.',
  CONFIG_INVALID: 'A value in streamalert.yaml is missing, misspelt or of the wrong kind.',
  CONFIG_UNKNOWN_NAME: 'A name refers to something that is not configured.',
  SECRET_MISSING: 'A secret that the configuration names has no value.',
  SECRET_KEY: 'The key of the encrypted secrets is missing, wrong, or open to others.',
  SECRET_DAMAGED: 'The file of encrypted secrets is damaged, or was changed by other hands.',
  SECRET_UNAVAILABLE: 'A provider of secrets cannot be asked, or refuses to answer.',
  PROJECT_EXISTS: 'The folder already holds a project.',
  // rules and schemas
  MODULE_FAILED: 'A rule or schema file could not be loaded.',
  MODULE_NO_DEFAULT: 'A rule or schema file has no usable export.',
  RULE_INVALID: 'A rule is declared wrongly.',
  RULE_DUPLICATE: 'Two rules have the same name.',
  SCHEMA_INVALID: 'A schema is declared wrongly.',
  SCHEMA_DUPLICATE: 'Two schemas have the same name.',
  LOOKUP_INVALID: 'A lookup table cannot be read, or holds values of another form than a rule declares.',
  TYPE_ERROR: 'The TypeScript compiler reports an error.',
  TEST_FILE_INVALID: 'A rule test file is not of the expected form.',
  IMPORT_INVALID: 'A file of a Python StreamAlert is not of the form it must have.',
  TEST_FAILED: 'A case of a rule fails, so that breaking the rule would show nothing.',
  TEST_MISSING: 'A rule lacks a test that expects an alert, or one that expects none.',
  PATTERN_INVALID: 'A pattern is not a valid regular expression, or could take exponential time.',
  // records
  RECORD_NO_SCHEMA: 'No candidate schema takes the record.',
  RECORD_UNPARSABLE: 'No candidate parser can read the text.',
  RECORD_TOO_LONG: 'A record is longer than the limit.',
  RECORD_TOO_SLOW: 'A record could not be parsed within the time of a worker.',
  RECORD_TOO_DEEP: 'A record is nested deeper than the limit.',
  BODY_DAMAGED: 'Compressed data is damaged or cut off.',
  BODY_TOO_LARGE: 'Compressed data grows past the limit.',
  // rules while running
  RULE_THREW: 'A rule threw an error.',
  RULE_TIMEOUT: 'A rule did not return within its time.',
  RULE_MEMORY: 'A rule used more memory than a worker may.',
  RULE_CRASHED: 'A rule ended its worker.',
  RULE_SUSPENDED: 'A rule failed too often in a row and is not run for a while.',
  WORKER_FAILED: 'A worker could not be started or ended unexpectedly.',
  // sources
  SOURCE_FAILED: 'A source failed.',
  SOURCE_MISCONFIGURED: 'A source is configured wrongly, or may not read what it is to read.',
  SOURCE_NOT_FOUND: 'A source finds nothing to read.',
  SOURCE_CHANGED: 'What a source reads changed under its reader.',
  // outputs
  OUTPUT_UNAVAILABLE: 'An output did not take the alert for now.',
  OUTPUT_REJECTED: 'An output refused the alert.',
  OUTPUT_MISCONFIGURED: 'An output is configured wrongly.',
  PUBLISHER_INVALID: 'A publisher is declared wrongly, or two have the same name.',
  PUBLISHER_FAILED: 'A publisher failed; the default publication was sent instead.',
  OUTPUT_EXPIRED: 'An alert could not be delivered within the limits on tries and age.',
  // store
  STORE_NEWER: 'The state file was written by a newer version.',
  STORE_LOCKED: 'Another process uses the state file.',
  STORE_FAILED: 'The state file could not be read or written.',
  // deployment to AWS
  PACKAGE_MISSING: "The packages of the functions' code are not there.",
  TERRAFORM_MISSING: 'Terraform is not installed, or too old.',
  TERRAFORM_FAILED: 'Terraform could not do what it was asked to.',
  AWS_FAILED: 'AWS did not answer, or refused.',
  API_INVALID: 'A request to the api is of another form than it takes.',
  API_FORBIDDEN: 'The role that a caller of the api has does not reach for what was asked.',
  API_TOO_LARGE: 'A request to the api, or its answer, is larger than it may be.',
  API_SLOW: 'The api could not answer in its time.',
  METRICS_FAILED: 'Metrics cannot be served on the address that is configured.',
  NOT_FOUND: 'There is nothing of that name or id.',
  AMBIGUOUS: 'More than one thing fits that name or id.',
  USAGE: 'The command was called wrongly.',
  INTERNAL: 'A fault of StreamAlert itself; please report it.',
} as const

export type Code = keyof typeof codes

/** Where an error stands. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** A configured name: a source, an output, a rule, a schema. */
  readonly name?: string
}

export interface ErrorOptions {
  readonly place?: Place
  /** What to do about it. */
  readonly hint?: string
  /** For outputs and sources: `later` when trying again can help. Default `never`. */
  readonly retry?: 'later' | 'never'
  /** How long the far end asks to wait, milliseconds. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** An error for people: a code, what was expected and found, where, and what to do. */
export class CodedError extends Error {
  readonly code: Code
  readonly place: Place
  readonly hint: string | undefined
  readonly retry: 'later' | 'never'
  readonly retryAfterMs: number | undefined

  constructor(code: Code, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CodedError'
    this.code = code
    this.place = options.place ?? {}
    this.hint = options.hint
    this.retry = options.retry ?? 'never'
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Several problems found at once: all are reported, not just the first. */
export class Problems extends Error {
  readonly problems: readonly CodedError[]

  constructor(problems: readonly CodedError[]) {
    super(problems.map((problem) => problem.message).join('\n'))
    this.name = 'Problems'
    this.problems = problems
  }
}

/** Orders problems as their places stand: by file, line and column. */
export function byPlace({ place: a }: CodedError, { place: b }: CodedError): number {
  const [one, other] = [a.file ?? '', b.file ?? '']
  if (one !== other) return one < other ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** Anything thrown, as a list of coded errors. */
export function problemsOf(error: unknown, fallback: Code = 'INTERNAL'): readonly CodedError[] {
  if (error instanceof Problems) return error.problems
  if (error instanceof CodedError) return [error]
  return [new CodedError(fallback, messageOf(error), { cause: error })]
}

/** The message of anything thrown; rules and libraries may throw values that are no errors. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  try {
    return String(error)
  } catch {
    return 'a value that cannot be shown'
  }
}

/** `file:line:column: CODE message (hint)`, as far as known: one line of a report. */
export function formatProblem(error: CodedError): string {
  const { file, line, column, name } = error.place
  const at = file ? `${[file, line, column].filter((part) => part !== undefined).join(':')}: ` : name ? `${name}: ` : ''
  return `${at}${error.code} ${error.message}${error.hint ? `\n  → ${error.hint}` : ''}`
}
