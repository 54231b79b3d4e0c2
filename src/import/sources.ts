import type { Schema } from '../core/contracts/index.ts'
import type { CodedError, Place } from '../core/errors.ts'
import { filesIn } from './folders.ts'
import { oldCluster, oldLogs } from './forms.ts'
import { plainName, untaken } from './names.ts'
import { type Files, type Read, check, readFile } from './read.ts'
import { type Entry, converted, notConvertible } from './report.ts'
import { type Draft, schemaName } from './schema.ts'

/** A source of the new project. */
export interface SourceDraft {
  /** Within the kind `file`. */
  readonly name: string
  readonly cluster: string
  /** What it was: `kinesis`, `s3`, `sns`, `streamalert_app`. */
  readonly service: string
  readonly resource: string
  /** Log types as streamalert.yaml names them, and one by one. */
  readonly schemas: readonly string[]
  readonly candidates: readonly string[]
  /** Where its files are, relative to the project. */
  readonly folder: string
}

export interface Clusters {
  readonly clusters: readonly string[]
  readonly sources: readonly SourceDraft[]
  readonly entries: readonly Entry[]
}

interface Known {
  readonly drafts: readonly Draft[]
  readonly builtIn: readonly Schema[]
}

/** Converts `conf/clusters/*.json`: each data source becomes files in a folder, which stands for what is to come there. */
export function convertClusters(files: Files, known: Known, problems: CodedError[]): Clusters {
  const clusters: string[] = []
  const sources: SourceDraft[] = []
  const entries: Entry[] = []
  const [takenClusters, takenSources] = [new Set<string>(), new Set<string>()]
  for (const file of filesIn(files, ['conf/clusters'], '.json')) {
    const read = readFile(files, file, oldCluster, problems)
    if (!read) continue
    const id =
      read.value.id ??
      file
        .split('/')
        .at(-1)!
        .replace(/\.json$/, '')
    const cluster = untaken(plainName(id), takenClusters)
    clusters.push(cluster)
    const notes = cluster === id ? [] : [`the name was \`${id}\``]
    entries.push(converted({ what: 'cluster', name: cluster, from: { file }, to: 'streamalert.yaml', notes }))
    for (const [service, resources] of Object.entries(read.value.data_sources)) {
      for (const [resource, given] of Object.entries(resources)) {
        const path = ['data_sources', service, resource]
        const logs = check(given, oldLogs, read, path, problems)
        if (!logs) continue
        const old = { service, resource, cluster, logs, from: read.place(path, true) }
        const found = convertSource(old, known, takenSources)
        entries.push(found.entry)
        if (found.source) sources.push(found.source)
      }
    }
    entries.push(...settingsOf(read, cluster))
  }
  return { clusters, sources, entries }
}

interface OldSource {
  readonly service: string
  readonly resource: string
  readonly cluster: string
  readonly logs: readonly string[]
  readonly from: Place
}

function convertSource(
  { service, resource, cluster, logs, from }: OldSource,
  known: Known,
  taken: Set<string>,
): { entry: Entry; source?: SourceDraft } {
  const notes: string[] = []
  const selected = logs.map((log) => select(schemaName(log), known, (text) => notes.push(`\`${log}\` ${text}`)))
  const candidates = [...new Set(selected.flatMap((one) => one.candidates))]
  const what = `${service} source`
  if (candidates.length === 0) {
    return { entry: notConvertible(what, resource, from, 'none of its log types has a schema', ...notes) }
  }
  const name = untaken(plainName(resource), taken)
  const folder = `import/${plainName(service)}/${name}`
  const schemas = [...new Set(selected.flatMap((one) => one.schemas))]
  notes.push(`files in \`${folder}\` stand for it until you name where its logs are`)
  return {
    entry: converted({ what, name: resource, from, to: `streamalert.yaml: file:${name}`, notes }),
    source: { name, cluster, service, resource, schemas, candidates, folder },
  }
}

/** The log types that a name of `data_sources` means: as short as streamalert.yaml can say it, and one by one. */
function select(log: string, { drafts, builtIn }: Known, note: (text: string) => void) {
  const answers = (name: string) => name === log || name.startsWith(`${log}:`)
  const imported = drafts.map(({ options }) => options.name).filter(answers)
  const ours = builtIn.map(({ name }) => name).filter(answers)
  if (imported.length === 0) {
    note(ours.length > 0 ? 'has no schema in conf; the built-in ones are used' : 'has no schema, and is left out')
    return { schemas: ours.length > 0 ? [log] : [], candidates: ours }
  }
  if (log.includes(':')) note('names one type of a vendor, which matched nothing; now it is read')
  const whole = ours.every((name) => imported.includes(name))
  return { schemas: whole ? [log] : imported, candidates: imported }
}

/** What else a cluster's file says. */
function settingsOf(
  { value, place }: Read<{ modules: object; enable_threat_intel: boolean }>,
  cluster: string,
): Entry[] {
  const modules = Object.keys(value.modules).map((name) =>
    notConvertible(
      'cluster module',
      `${cluster}: ${name}`,
      place(['modules', name], true),
      name === 'streamalert_apps'
        ? 'there are no sources that fetch from these services yet'
        : 'it describes AWS infrastructure: what of it can be deployed is in the comments on `aws` in streamalert.yaml',
    ),
  )
  const intel = value.enable_threat_intel
    ? [
        notConvertible(
          'setting',
          `${cluster}: enable_threat_intel`,
          place(['enable_threat_intel'], true),
          'there is no threat intelligence yet',
        ),
      ]
    : []
  return [...modules, ...intel]
}
