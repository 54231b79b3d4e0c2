import type { Classifier } from '../core/classify/index.ts'
import type { CodedError, Place } from '../core/errors.ts'
import { isPlainObject } from '../core/plain.ts'
import { filesIn } from './folders.ts'
import { type OldEvent, oldEvent } from './forms.ts'
import { plainName, untaken } from './names.ts'
import { type Files, check, invalid, readJson } from './read.ts'
import { schemaName } from './schema.ts'
import type { SourceDraft } from './sources.ts'

/** A test event, as a log that its source would hold. */
export interface EventDraft {
  readonly old: OldEvent
  readonly from: Place
  /** The file of the new project that holds it. */
  readonly to: string
  readonly text: string
  /** The log type it must be classified as. */
  readonly schema: string
  readonly source: SourceDraft | undefined
  readonly notes: readonly string[]
}

/** What events are converted by. */
export interface Surroundings {
  readonly sources: readonly SourceDraft[]
  /** A record of the log type whose values are all empty; undefined when there is no such type. By the old name. */
  defaults(log: string): Record<string, unknown> | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

/** Reads the test files in the folders of rules. The predecessor passed over broken ones in silence. */
export function convertEvents(
  files: Files,
  folders: readonly string[],
  around: Surroundings,
  problems: CodedError[],
): EventDraft[] {
  const taken = new Set<string>()
  return filesIn(files, folders, '.json').flatMap((file) => {
    const json = readJson(files, file, problems)
    if (json === undefined) return []
    if (!Array.isArray(json.value)) {
      problems.push(invalid('It is not a list of test events.', { file, line: 1 }))
      return []
    }
    return json.value.flatMap((given, index): EventDraft[] => {
      const old = check(given, oldEvent, json, [index], problems)
      return old ? [convertEvent(old, json.place([index]), around, taken)] : []
    })
  })
}

function convertEvent(old: OldEvent, from: Place, around: Surroundings, taken: Set<string>): EventDraft {
  const source = around.sources.find(({ service, resource }) => service === old.service && resource === old.source)
  const stem = plainName(
    from
      .file!.split('/')
      .at(-1)!
      .replace(/\.json$/, ''),
  )
  const folder = source?.folder ?? 'import/no-source'
  const data = old.data ?? { ...around.defaults(old.log), ...old.override_record }
  const text = typeof data === 'string' ? data : JSON.stringify(withTimes(data, around.now))
  const path = untaken(`${folder}/${stem}`, taken)
  return {
    old,
    from,
    to: `${path}.${typeof data === 'string' ? 'log' : 'json'}`,
    text,
    schema: schemaName(old.log),
    source,
    notes: [
      ...(source ? [] : [`no cluster has the ${old.service} source \`${old.source}\``]),
      ...(text.includes('<helper:') ? ['a helper in its texts is not known, and is left as it is'] : []),
    ],
  }
}

/** `<helper:last_hour>` in texts stood for the time of a minute ago, in epoch seconds. */
function withTimes(value: unknown, now: number): unknown {
  if (typeof value === 'string') return value.replaceAll('<helper:last_hour>', String(Math.floor(now / 1000) - 60))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withTimes(inner, now)]))
}

/** An empty value of each type, as test events with `override_record` have them. */
export function emptyRecord(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [name, isPlainObject(type) ? emptyRecord(type) : emptyOf(type)]),
  )
}

const emptyOf = (type: unknown) =>
  type === 'integer' || type === 'float' ? 0 : type === 'boolean' ? false : type === 'string' ? '' : []

/** Why an event is not classified as the log type it names; undefined when it is. */
export function misfit(event: EventDraft, classifier: Classifier): string | undefined {
  const found = classifier.classify(event.text, { first: true })
  if (found.length === 0) return 'it holds no record'
  const wrong = found.find((record) => !('schema' in record) || record.schema.name !== event.schema)
  if (wrong === undefined) return undefined
  return 'schema' in wrong
    ? `it is classified as ${wrong.schema.name}, not ${event.schema}`
    : `it is not classified as ${event.schema}: ${wrong.message}`
}
