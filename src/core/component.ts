import type { z } from 'zod'
import type { Input } from './input.ts'
import type { Decoder, LogLine, Output, Source, StateStore, Table } from './contracts/index.ts'

/** One configuration of a component that works, shown on its page; a test parses each. */
export interface Example<I> {
  readonly title: string
  readonly config: I
}

/** What all declarations share: from it come types, validation, reference pages, JSON Schema and redaction. */
interface Declaration<C extends z.ZodType> {
  /** Lower case with dashes; equals the file's name. */
  readonly name: string
  /** One sentence. */
  readonly summary: string
  /** What a person does at the vendor's side first, as Markdown; shown on the page and by `output add`. */
  readonly setup?: string
  /** Each field with `.meta({ description })`, secrets with `.meta({ secret: true })`. */
  readonly config: C
  readonly examples: readonly Example<z.input<C>>[]
}

/**
 * What a source counts of what it does not hand on: `refused` (not authenticated, too large, not understood by the protocol),
 * `repeated` (sent again, and known), `dropped` (given up, as its policy says, or lost before it came here).
 */
export type SourceCount = 'refused' | 'repeated' | 'dropped'

/** What a source may use of its surroundings. */
export interface SourceHost {
  /** `kind:name` as configured. */
  readonly name: string
  /** Relative paths start here. */
  readonly projectDir: string
  readonly state: Pick<StateStore, 'get' | 'set' | 'list' | 'delete'>
  /** A folder of its own within the state, for what has to be kept on disk; whoever writes into it makes it. */
  readonly dataDir: string
  /** Adds to a counter of the source, which `status` and `/metrics` show. */
  count(what: SourceCount, n?: number): void
  /** For sources that look into compressed bodies, to go on in the middle of one. */
  readonly decoders: readonly Decoder[]
  now(): number
  log(line: LogLine): void
  /** What is piped into the process, where there may be something. */
  readonly input?: Input
  /** The value of a secret. Throws SECRET_MISSING. */
  secret(name: string): Promise<string>
}

/** What an output may use of its surroundings. */
export interface OutputHost {
  readonly name: string
  readonly projectDir: string
  readonly fetch: typeof globalThis.fetch
  now(): number
  log(line: LogLine): void
  secret(name: string): Promise<string>
  /** Where a person reads, with the means of that place. */
  readonly screen: Screen
  /** Paths of a schema (by name) whose values must not be shown to a person at a screen, nor logged. */
  sensitive(schema: string): readonly string[]
}

/** A terminal, or what stands in for one. */
export interface Screen {
  readonly colour: boolean
  /** Characters in a line. */
  readonly columns: number
  write(text: string): void
}

export interface SourceKind<C extends z.ZodType = z.ZodType> extends Declaration<C> {
  create(config: z.output<C>, host: SourceHost): Source
}

export interface OutputKind<C extends z.ZodType = z.ZodType> extends Declaration<C> {
  /** How many alerts it takes at the same time. Default 1: after a crash only the one in flight is repeated. */
  readonly concurrency?: number
  /**
   * True where people read each alert (chats, pagers, e-mail, tickets): the rate limits of all outputs hold for it, and values of
   * a schema's sensitive fields are hidden from it.
   */
  readonly forPeople?: boolean
  /** What publishers may say to it, key → meaning; the keys stand in a publication as `@<name>.<key>`. */
  readonly publisherKeys?: Readonly<Record<string, string>>
  create(config: z.output<C>, host: OutputHost): Output
}

/** What a lookup may use of its surroundings. */
export interface LookupHost {
  /** The table's name, as rules write it. */
  readonly name: string
  /** Relative paths start here. */
  readonly projectDir: string
  readonly fetch: typeof globalThis.fetch
  /** The value of a secret. Throws SECRET_MISSING. */
  secret(name: string): Promise<string>
}

/** A table that rules read. Rules never wait, so it is loaded as a whole before they run. */
export interface Lookup {
  /** Key → value, as plain data. Throws LOOKUP_INVALID, with the place where there is one. */
  load(): Promise<Table>
}

export interface LookupKind<C extends z.ZodType = z.ZodType> extends Declaration<C> {
  create(config: z.output<C>, host: LookupHost): Lookup
}

/** What a provider of secrets may use of its surroundings. */
export interface SecretHost {
  /** Relative paths start here. */
  readonly projectDir: string
  /** The folder of the project's state, absolute. */
  readonly stateDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Epoch milliseconds. */
  now(): number
  /** A secret of the providers that stand before this one. Throws SECRET_MISSING. */
  secret(name: string): Promise<string>
}

/** A secret without its value. */
export interface SecretEntry {
  readonly name: string
  /** When its value was set, epoch milliseconds, where the provider knows. */
  readonly setAt?: number
}

/** Where values of secrets come from. */
export interface SecretProvider {
  /**
   * The value; undefined when there is none of that name. Throws SECRET_KEY, SECRET_DAMAGED, and SECRET_UNAVAILABLE
   * (`retry: 'later'` when the far end may answer another time).
   */
  get(name: string): Promise<string | undefined>
  /** How a person gives a value to a name, as a phrase: `set the environment variable X`. */
  advice(name: string): string
  /** What it holds, without values, keys or other machines. Absent where another machine would have to be asked. */
  readonly local?: {
    has(name: string): Promise<boolean>
    list(): Promise<readonly SecretEntry[]>
  }
  /** For providers that can be written. */
  readonly editor?: SecretEditor
}

export interface SecretEditor {
  set(name: string, value: string): Promise<void>
  /** False when there was none of that name. */
  remove(name: string): Promise<boolean>
  /** Encrypts everything with a new key, at once or not at all. Answers how many secrets, and where the key is kept. */
  rotate(): Promise<{ readonly secrets: number; readonly key: string }>
}

export interface SecretKind<C extends z.ZodType = z.ZodType> extends Declaration<C> {
  create(config: z.output<C>, host: SecretHost): SecretProvider
}

/** Declares a provider of secrets: one file, one line in `secrets/index.ts`. */
export const defineSecrets = <C extends z.ZodType>(kind: SecretKind<C>): SecretKind<C> => kind

/** Declares a kind of lookup: one file, one line in `lookups/index.ts`. */
export const defineLookup = <C extends z.ZodType>(kind: LookupKind<C>): LookupKind<C> => kind

/** Declares a kind of source: one file, one line in `sources/index.ts`. */
export const defineSource = <C extends z.ZodType>(kind: SourceKind<C>): SourceKind<C> => kind

/** Declares a kind of output: one file, one line in `outputs/index.ts`. */
export const defineOutput = <C extends z.ZodType>(kind: OutputKind<C>): OutputKind<C> => kind
