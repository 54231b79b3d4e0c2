/** Converts the folder of a Python StreamAlert. Pure: files in, files and a report out. */
import { compileClassifier } from '../core/classify/index.ts'
import type { Schema } from '../core/contracts/index.ts'
import { type CodedError, byPlace } from '../core/errors.ts'
import { convertAws } from './aws.ts'
import { convertEvents, emptyRecord, misfit } from './events.ts'
import { foldersOf } from './folders.ts'
import type { Files } from './read.ts'
import { renderReport } from './render-report.ts'
import { renderSchemas } from './render-schemas.ts'
import { renderYaml } from './render-yaml.ts'
import { type Entry, converted } from './report.ts'
import { listRules } from './rules.ts'
import { type Draft, toSchema } from './schema.ts'
import { convertSchemas } from './schemas.ts'
import { convertOutputs } from './outputs.ts'
import { otherSettings } from './settings.ts'
import { type SourceDraft, convertClusters } from './sources.ts'
import { strictNames } from './strict.ts'

export { foldersOf } from './folders.ts'
export type { Files } from './read.ts'
export type { Entry, Result } from './report.ts'
export { type Summary, summarise } from './render-report.ts'

/** What this version of StreamAlert has, and when it is. */
export interface Surroundings {
  readonly builtIn: readonly Schema[]
  /** Kinds of outputs. */
  readonly outputKinds: readonly string[]
  /** Rules of the library as `library` of streamalert.yaml takes them. */
  readonly library: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
}

export interface Imported {
  /** Path within the new project → text. */
  readonly files: ReadonlyMap<string, string>
  readonly entries: readonly Entry[]
  /** Faults of the predecessor's files (IMPORT_INVALID). What they concern is left out. */
  readonly problems: readonly CodedError[]
}

/** Converts everything. Never throws for what the files hold. */
export function importProject(files: Files, around: Surroundings): Imported {
  const problems: CodedError[] = []
  const folders = foldersOf(files)
  const loose = convertSchemas(files, around.builtIn, problems)
  const { clusters, sources, entries: clusterEntries } = convertClusters(files, { ...around, drafts: loose }, problems)
  const drafts = withStrictness(loose, sources)
  const { outputs, entries: outputEntries } = convertOutputs(files, around.outputKinds, problems)

  const events = convertEvents(
    files,
    folders.rules,
    { sources, now: around.now, defaults: defaultsOf(drafts) },
    problems,
  )
  const rules = listRules(files, folders, events, around.library)
  const classifierOf = classifiers(drafts, around.builtIn, sources)
  const entries: Entry[] = [
    ...drafts.map(schemaEntry(around.builtIn)),
    ...clusterEntries,
    ...outputEntries,
    ...otherSettings(files, problems),
    ...rules.entries,
    ...events.map((event): Entry => {
      const { old, from, to, notes } = event
      const wrong = misfit(event, classifierOf(event.source))
      const entry = { what: 'test event', name: old.description, from, to }
      return wrong === undefined
        ? converted({ ...entry, notes })
        : { ...entry, result: 'not-convertible', notes: [wrong, ...notes] }
    }),
  ]
  const withEvents = new Set(events.map(({ source }) => source))
  const library = rules.entries.flatMap((rule) => rule.library ?? [])
  const found = [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()].toSorted(byPlace)
  return {
    files: new Map([
      ['streamalert.yaml', renderYaml({ clusters, sources, withEvents, outputs, library, aws: convertAws(files) })],
      ...schemaFiles(drafts),
      ...events.map(({ to, text }) => [to, `${text}\n`] as const),
      ...rules.tests,
      ['IMPORT.md', renderReport(entries, found)],
    ]),
    entries,
    problems: found,
  }
}

/** A file may be read for several reasons; its fault is told once. */
const keyOf = ({ message, place }: CodedError) => JSON.stringify([message, place])

function withStrictness(drafts: readonly Draft[], sources: readonly SourceDraft[]): Draft[] {
  const vendors = Object.values(Object.groupBy(drafts, vendorOf)).map((group) =>
    group!.map(({ options }) => options.name),
  )
  const strict = strictNames(drafts, [...vendors, ...sources.map(({ candidates }) => candidates)])
  return drafts.map((draft) =>
    strict.has(draft.options.name) ? { ...draft, options: { ...draft.options, extraFields: 'reject' } } : draft,
  )
}

const vendorOf = ({ options }: Draft) => options.name.split(':', 1)[0]!

/** A name with dots could be taken for that of a test or of declarations. */
const fileOf = (draft: Draft) => `schemas/${vendorOf(draft).replaceAll('.', '-')}.ts`

const schemaFiles = (drafts: readonly Draft[]): [string, string][] =>
  Object.entries(Object.groupBy(drafts, fileOf)).map(([file, group]) => [file, renderSchemas(group!)])

const schemaEntry = (builtIn: readonly Schema[]) => (draft: Draft) => {
  const { options, from, notes } = draft
  const entry = converted({ what: 'schema', name: options.name, from, to: fileOf(draft), notes })
  const also = builtIn.some(({ name }) => name === options.name)
  return also ? { ...entry, notes: [...notes, 'it stands in place of the built-in one'] } : entry
}

function defaultsOf(drafts: readonly Draft[]) {
  return (log: string) => {
    const draft = drafts.find(({ old }) => old === log)
    return draft && emptyRecord(draft.empty)
  }
}

/** Classifiers of the sources, each compiled once; without a source, all schemas are candidates. */
function classifiers(drafts: readonly Draft[], builtIn: readonly Schema[], sources: readonly SourceDraft[]) {
  const own = drafts.map(toSchema)
  const all = [...own, ...builtIn.filter(({ name }) => !own.some((schema) => schema.name === name))]
  const ofSource = new Map(
    sources.map((source) => [source, compileClassifier(all.filter(({ name }) => source.candidates.includes(name)))]),
  )
  const ofAll = compileClassifier(all)
  return (source: SourceDraft | undefined) => (source && ofSource.get(source)) ?? ofAll
}
