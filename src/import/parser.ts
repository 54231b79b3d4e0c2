import { type Fields } from '../core/fields/spec.ts'
import type { ParserUse } from '../core/contracts/index.ts'
import { csv, json, keyValue, pattern } from '../parsers/index.ts'
import type { Note } from './fields.ts'
import type { OldSchema } from './forms.ts'
import { objectOf } from './patterns.ts'

const kinds = { csv, json, keyValue, pattern }

/** A call of a parser kind, as it stands in a schema file. */
export interface ParserCall {
  readonly parser: keyof typeof kinds
  readonly options: Readonly<Record<string, unknown>>
}

export const isCall = (value: unknown): value is ParserCall =>
  typeof value === 'object' && value !== null && 'parser' in value && 'options' in value

/** Makes the call. Throws what the parser says of its options. */
export function toUse({ parser, options }: ParserCall): ParserUse {
  const given = Object.entries(options).map(([name, value]) => [name, isCall(value) ? toUse(value) : value])
  return (kinds[parser] as (options: unknown) => ParserUse)(Object.fromEntries(given))
}

type Configuration = OldSchema['configuration']

/** The parser of a schema. `envelope`: the names of its envelope's keys. */
export function convertParser(old: OldSchema, fields: Fields, envelope: readonly string[], note: Note): ParserCall {
  const { parser, configuration } = old
  for (const option of unread(old)) note(`\`${option}\` meant nothing here, and is left out`)
  if (parser === 'json') return { parser: 'json', options: jsonOptions(configuration, envelope) }
  if (parser === 'csv') {
    const each: ParserCall = { parser: 'csv', options: csvOptions(configuration, fields, note) }
    const { json_path: path } = configuration
    return path === undefined ? each : { parser: 'json', options: { path, ...keys(envelope), each } }
  }
  if (parser === 'kv') {
    const { delimiter, separator } = configuration
    const given = {
      ...(delimiter !== undefined && { pairs: delimiter }),
      ...(separator !== undefined && { separator }),
    }
    return { parser: 'keyValue', options: { ...given, quotes: '', words: 'reject' } }
  }
  note('days of one digit, host names with dots, program names with dashes and a priority in front are taken too')
  return { parser: 'pattern', options: { pattern: syslogLine } }
}

/** The fields that the predecessor's syslog parser gave, from lines as devices really send them. */
const syslogLine =
  '(?:<[0-9]{1,3}>)?%{SYSLOGTIMESTAMP:timestamp} (?<host>[^ ]+) (?<application>[^ :\\[]+)(?:\\[[^\\]]*\\])?: ?(?<message>.*)'

const keys = (envelope: readonly string[]) => (envelope.length > 0 ? { envelope } : {})

function jsonOptions(configuration: Configuration, envelope: readonly string[]): ParserCall['options'] {
  const { json_path: path, embedded_json: embedded, json_regex_key: field } = configuration
  if (path !== undefined) return { path, ...(embedded && { embedded }), ...keys(envelope) }
  return { ...(field !== undefined && { field }), ...keys(envelope) }
}

function csvOptions(configuration: Configuration, fields: Fields, note: Note): ParserCall['options'] {
  const { delimiter, quotechar, escapechar } = configuration
  const nested = Object.entries(fields).flatMap(([name, field]) => {
    const inner = objectOf(field)
    if (!inner) return []
    if (Object.values(inner).some(objectOf)) note(`\`${name}\`: rows within rows within rows are not taken apart`)
    return [[name, Object.keys(inner)] as const]
  })
  if (Object.keys(fields).some((name) => /^\d+$/.test(name)))
    note('columns named by digits come first in JavaScript, whatever their order in the file: rename them')
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(quotechar !== undefined && quotechar !== '"' && { quote: quotechar }),
    ...(escapechar !== undefined && { escape: escapechar }),
    ...(nested.length > 0 && { nested: Object.fromEntries(nested) }),
  }
}

/** Options that the predecessor's parser passed over. */
function unread({ parser, configuration }: OldSchema): string[] {
  const { json_path: path, json_regex_key: field, embedded_json: embedded } = configuration
  const common = [
    'envelope_keys',
    'optional_envelope_keys',
    'optional_top_level_keys',
    'log_patterns',
    'priority',
    'normalization',
  ]
  const own = {
    json: ['json_path', 'embedded_json', 'json_regex_key'],
    csv: ['json_path', 'delimiter', 'quotechar', 'escapechar'],
    kv: ['delimiter', 'separator'],
    syslog: [],
  }[parser]
  const strange = Object.keys(configuration).filter((option) => ![...common, ...own].includes(option))
  if (parser !== 'json') return strange
  if (path !== undefined && field !== undefined) strange.push('json_regex_key')
  if (path === undefined && embedded) strange.push('embedded_json')
  return strange
}
