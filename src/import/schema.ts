import type { NormalisePath, Schema } from '../core/contracts/index.ts'
import type { CodedError, Place } from '../core/errors.ts'
import { unwrap } from '../core/fields/compile.ts'
import type { Fields } from '../core/fields/spec.ts'
import { type SchemaOptions, defineSchema } from '../core/schema.ts'
import { checkSchema } from '../project/check-schema.ts'
import { checkPath } from '../project/field-path.ts'
import { convertFields } from './fields.ts'
import type { OldSchema } from './forms.ts'
import { convertFirstNormalisation, convertNormalisation } from './normalise.ts'
import { type ParserCall, convertParser, toUse } from './parser.ts'
import { convertPatterns } from './patterns.ts'
import { pathOf } from './paths.ts'

/** A converted log type: what its file will say, and why that differs from before. */
export interface Draft {
  readonly old: string
  readonly from: Place
  readonly parse: ParserCall
  readonly options: Omit<SchemaOptions<Fields>, 'parse' | 'normalise'> & {
    readonly normalise: Readonly<Record<string, readonly NormalisePath[]>>
  }
  /** The keys that test events with `override_record` fill with empty values. */
  readonly empty: object
  readonly notes: readonly string[]
}

/** What a schema is converted by, beside itself. */
export interface Surroundings {
  /** The greatest priority of all, which was the last. */
  readonly lastPriority: number
  /** `normalized_types.json` of its vendor. */
  readonly firstNormalisation: Readonly<Record<string, readonly string[]>>
  readonly builtIn: readonly Schema[]
}

/** Converts a log type. The faults that its options have are left to `faultsOf`. */
export function convertSchema(name: string, old: OldSchema, from: Place, around: Surroundings): Draft {
  const notes: string[] = []
  const note = (text: string) => void notes.push(text)
  const { configuration } = old
  const ours = schemaName(name)
  if (ours !== name) note(`the name was \`${name}\``)
  if (Object.keys(old.schema).length === 0) note('it took any text; now it takes objects')

  const fields = convertFields(old.schema, optionalsOf(old, note), note)
  const envelope = envelopeOf(old, note)
  const builtIn = around.builtIn.find((schema) => schema.name === ours)
  const time = timeOf(fields, builtIn)
  const sensitive = builtIn?.sensitive.filter((path) => checkPath(fields, path).ok) ?? []
  const patterns = convertPatterns(configuration.log_patterns, fields, note)
  const { priority } = configuration
  return {
    old: name,
    from,
    parse: convertParser(old, fields, Object.keys(envelope ?? {}), note),
    options: {
      name: ours,
      description: `Imported from ${from.file}.`,
      fields,
      ...(envelope && { envelope }),
      ...(time !== undefined && { time }),
      ...(Object.keys(patterns).length > 0 && { patterns }),
      // 0 was tried first, those without a priority last.
      ...(priority !== undefined && { priority: around.lastPriority + 1 - priority }),
      normalise: {
        // Which the last version did not apply; rules of the library want what the built-in schema says.
        ...convertFirstNormalisation(around.firstNormalisation, fields),
        ...fitting(builtIn?.normalise ?? {}, fields, envelope),
        ...convertNormalisation(configuration.normalization, { fields, ...(envelope && { envelope }) }, note),
      },
      ...(sensitive.length > 0 && { sensitive }),
    },
    empty: Object.keys(configuration.envelope_keys).length > 0 ? configuration.envelope_keys : old.schema,
    notes,
  }
}

/** The schema that a draft's file will export. Throws what the parser says of its options. */
export const toSchema = (draft: Draft): Schema => defineSchema({ ...draft.options, parse: toUse(draft.parse) })

/** What is wrong with a draft: it would not be loaded. */
export function faultsOf(draft: Draft): readonly CodedError[] {
  return checkSchema(toSchema(draft), draft.from)
}

/** `My App:Events v2` → `my-app:events-v2`. */
export function schemaName(name: string): string {
  const [vendor = '', ...types] = name.split(':')
  const plain = (part: string) =>
    part
      .toLowerCase()
      .replace(/[^a-z0-9_.-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
  const type = plain(types.join('-'))
  return `${plain(vendor) || 'imported'}${type === '' ? '' : `:${type}`}`
}

function optionalsOf({ schema, configuration }: OldSchema, note: (text: string) => void): readonly string[] {
  const { optional_top_level_keys: optionals } = configuration
  const strange = optionals.filter((name) => !Object.hasOwn(schema, name))
  if (strange.length > 0) note(`optional keys that are no keys of it (${list(strange)}) had disabled it; left out`)
  return optionals
}

function envelopeOf(old: OldSchema, note: (text: string) => void): Fields | undefined {
  const {
    envelope_keys: keys,
    optional_envelope_keys: optionals,
    json_path: path,
    json_regex_key: field,
  } = old.configuration
  if (Object.keys(keys).length === 0) return undefined
  if (old.parser !== 'json' && (old.parser !== 'csv' || path === undefined)) {
    note('`envelope_keys` of a text that is no JSON were never there; left out')
    return undefined
  }
  const strange = optionals.filter((name) => !Object.hasOwn(keys, name))
  if (strange.length > 0)
    note(`optional envelope keys that are no keys of it (${list(strange)}) had disabled it; left out`)
  // Where the document is the record, its fields stay in it.
  const both =
    path === undefined && field === undefined ? Object.keys(keys).filter((name) => Object.hasOwn(old.schema, name)) : []
  if (both.length > 0) note(`\`envelope_keys\` that are fields as well (${list(both)}) are in the record only`)
  const own = Object.entries(keys).filter(([name]) => !both.includes(name))
  return own.length === 0 ? undefined : convertFields(Object.fromEntries(own), optionals, note, ['envelope_keys'])
}

/** What of a built-in schema's `normalise` leads to fields that are here too. */
function fitting(normalise: Schema['normalise'], fields: Fields, envelope: Fields = {}): Schema['normalise'] {
  const has = (path: string) =>
    path.startsWith('envelope.') ? checkPath(envelope, path.slice('envelope.'.length)).ok : checkPath(fields, path).ok
  const found = Object.entries(normalise).map(([type, paths]) => {
    return [type, paths.filter(({ path, when }) => has(path) && (when === undefined || has(when.path)))] as const
  })
  return Object.fromEntries(found.filter(([, paths]) => paths.length > 0))
}

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** The event time, which the predecessor did not know: where the built-in schema of that name has it, or by the names that logs use. */
function timeOf(fields: Fields, builtIn: Schema | undefined): string | undefined {
  if (builtIn?.time !== undefined && checkPath(fields, builtIn.time).ok) return builtIn.time
  const names = Object.keys(fields).filter((name) => timeTypes.has(unwrap(fields[name]!).of))
  const found = timeNames.flatMap((time) => names.filter((name) => name.toLowerCase().replaceAll('_', '') === time))
  return found[0] === undefined ? undefined : pathOf([found[0]])
}

const timeTypes: ReadonlySet<unknown> = new Set(['string', 'integer', 'float'])
const timeNames = ['eventtime', '@timestamp', 'timestamp', 'unixtime', 'time', 'datetime', 'published', 'createdat']
