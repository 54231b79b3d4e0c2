import type { Place } from '../core/errors.ts'
import { libraryHome, libraryRules, libraryTables } from './library.ts'
import { type Project, outputNames } from './load.ts'
import type { OutputPublishers } from './publishers.ts'

/** What is needed of a project to load its code: plain data, fit to be sent to a worker. */
export interface CodeRequest {
  /** Absolute, as are all files. */
  readonly dir: string
  readonly ruleFiles: readonly string[]
  /** Rules of the built-in library. They have their tests there. */
  readonly libraryFiles: readonly string[]
  readonly schemaFiles: readonly string[]
  readonly publisherFiles: readonly string[]
  readonly clusters: readonly string[]
  /** Outputs that rules may name. */
  readonly outputs: readonly string[]
  /** Publishers that outputs name. */
  readonly outputPublishers: readonly OutputPublishers[]
  /** Outputs of rules that name none. */
  readonly defaultOutputs: readonly string[]
  /** Lookup tables that rules may read, each with the name of its kind and options that the kind has checked. */
  readonly lookups: readonly {
    readonly name: string
    readonly kind: string
    readonly options: unknown
    readonly place: Place
  }[]
  readonly sources: readonly { readonly name: string; readonly schemas?: readonly string[]; readonly place: Place }[]
}

/** The request that loads all code of a project. */
export function codeOf(project: Project): CodeRequest {
  return {
    dir: project.dir,
    ruleFiles: project.ruleFiles,
    libraryFiles: project.libraryFiles,
    schemaFiles: project.schemaFiles,
    publisherFiles: project.publisherFiles,
    clusters: Object.keys(project.config.clusters),
    outputs: outputNames(project.config),
    outputPublishers: project.outputs
      .filter(({ publishers }) => publishers.length > 0)
      .map(({ name, publishers, place }) => ({ name, publishers, place })),
    defaultOutputs: project.config.defaults.outputs,
    lookups: lookupsOf(project),
    sources: project.sources.map(({ name, schemas, place }) => ({ name, place, ...(schemas && { schemas }) })),
  }
}

/** The project's tables; where it runs rules of the library, also those of the library that it does not have itself. */
function lookupsOf(project: Project): CodeRequest['lookups'] {
  const own = project.lookups.map(({ kind, ...lookup }) => ({ ...lookup, kind: kind.name }))
  if (project.libraryFiles.length === 0) return own
  return [...own, ...tablesOfLibrary().filter(({ name }) => !own.some((table) => table.name === name))]
}

const tablesOfLibrary = (): CodeRequest['lookups'] =>
  libraryTables().map(({ name, path }) => ({ name, kind: 'file', options: { path }, place: { file: path } }))

/** The request that loads the built-in library as if it were a project of its own: to test it. */
export const libraryRequest = (): CodeRequest => ({
  dir: libraryHome,
  ruleFiles: libraryRules().map(({ file }) => file),
  libraryFiles: [],
  schemaFiles: [],
  publisherFiles: [],
  clusters: ['default'],
  outputs: [],
  outputPublishers: [],
  defaultOutputs: [],
  lookups: tablesOfLibrary(),
  sources: [],
})
