import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { schemas as library } from '../../../schemas/index.ts'
import * as vendors from '../../../schemas/vendors.ts'
import { alertSchema, alertsAsSource, areOverAlerts } from '../../core/alert-records.ts'
import { selectSchemas } from '../../core/classify/index.ts'
import { requestSource } from '../aws/requests.ts'
import type { ProjectCode } from '../code.ts'
import type { Project } from '../load.ts'
import { packageModule } from '../resolve.ts'

/** The path of a module of this package. */
const ours = (path: string): string => fileURLToPath(packageModule(path))
const text = (value: unknown): string => JSON.stringify(value)

/** Log types that the project's sources may hold; those that a rule asks for come with it. */
const namesOf = (project: Project, { schemas }: ProjectCode): ReadonlySet<string> =>
  new Set(
    project.sources.length === 0
      ? schemas.map(({ name }) => name)
      : project.sources.flatMap((source) => selectSchemas(schemas, source.schemas).map(({ name }) => name)),
  )

/** The code of the first module of the function that reads: what it knows of sources. Schemas and rules are in its worker. */
export function ingestEntry(project: Project, code: ProjectCode): string {
  const asked = requestSourcesOf(project)
  const isAsked = Object.keys(asked).length > 0
  return `
import { createIngestHandler } from ${text(ours('src/runtimes/aws/ingest'))}
import { inWorkers } from ${text(ours('src/runtimes/aws/evaluation'))}
${isAsked ? `import { createRequests } from ${text(ours('src/runtimes/aws/requests'))}` : ''}
${usesFirehose(project) ? `import { firehoseHistory } from ${text(ours('src/runtimes/aws/firehose/index'))}` : ''}
import { lambdaSurroundings } from ${text(ours('src/runtimes/aws/surroundings'))}
export const handler = createIngestHandler({
  ...${text(commonOf(project))},
  sources: ${text(sourcesOf(project))},
  keepsRecords: ${keepsRecords(project)},
  ${usesFirehose(project) ? `history: firehoseHistory(${fieldsText(project, code)}),` : ''}
  staging: ${text(stagingOf(project))},
  ${isAsked ? `requests: { serve: createRequests, sources: ${text(asked)} },` : ''}
  evaluation: ${workersText(project)},
}, await lambdaSurroundings())
`
}

/** Where rules and publishers run. */
const workersText = ({ config }: Project): string =>
  `inWorkers({ entry: new URL('./worker.mjs', import.meta.url) }, ${text({ ruleTimeoutMs: config.workers.ruleTimeout })})`

/** Cluster → the source that lets in who cannot sign with IAM. */
const requestSourcesOf = ({ config }: Project): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(config.aws?.clusters ?? {}).flatMap(([name, settings]) => {
      const source = requestSource(settings)
      return source === undefined ? [] : [[name, source]]
    }),
  )

const stagingOf = ({ config: { staging } }: Project) => ({ newRules: staging.newRules, maxAlerts: staging.maxAlerts })

const sourcesOf = ({ sources }: Project) =>
  sources.map(({ name, kind, cluster, schemas, options }) => {
    return { name, kind: kind.name, cluster, options, ...(schemas && { schemas }) }
  })

/** Whether the project has a history of records. */
export const keepsRecords = ({ config }: Project): boolean => (config.aws?.history.records ?? false) !== false

const usesFirehose = (project: Project): boolean =>
  keepsRecords(project) && project.config.aws?.history.writer === 'firehose'

/** Whether the records are kept as segments first, of which a function makes Parquet. */
export const compacts = (project: Project): boolean => keepsRecords(project) && !usesFirehose(project)

/** The fields of log types, as data. */
function fieldsText(project: Project, code: ProjectCode): string {
  const wanted = namesOf(project, code)
  const fields = code.schemas.flatMap(({ name, fields: declared }) => (wanted.has(name) ? [[name, declared]] : []))
  return `JSON.parse(${text(text(Object.fromEntries(fields)))})`
}

/** The code of the function that makes Parquet of segments. */
export function compactEntry(project: Project, code: ProjectCode): string {
  return `
import { createCompactHandler } from ${text(ours('src/runtimes/aws/compact'))}
import { lambdaBucketSurroundings } from ${text(ours('src/runtimes/aws/surroundings'))}
export const handler = createCompactHandler(
  { fields: ${fieldsText(project, code)} },
  await lambdaBucketSurroundings(),
)
`
}

/** The code of a worker's module: imports of the schemas and rules that the project names, and its tables as data. */
export function workerEntry(project: Project, code: ProjectCode): string {
  const overAlerts = areOverAlerts(code.rules.map(({ info }) => info))
  const wanted = new Set([...namesOf(project, code), ...(overAlerts ? [alertSchema] : [])])
  const sources = sourcesOf(project).map(({ name, schemas }) => ({ name, ...(schemas && { schemas }) }))
  const builtIn = Object.entries(vendors)
  const own = new Set(project.schemaFiles.length === 0 ? [] : ownNames(code))
  const chosen = builtIn.filter(([, { name }]) => wanted.has(name) && !own.has(name))
  const ruleFiles = [...project.libraryFiles, ...project.ruleFiles]
  return `
import { serveProject } from ${text(ours('src/runtimes/aws/worker'))}
import { rulesIn, schemasIn, tablesIn } from ${text(ours('src/runtimes/aws/assemble'))}
import { ${chosen.map(([name], n) => `${name} as b${n}`).join(', ')} } from ${text(ours('schemas/vendors'))}
${imports('s', project.schemaFiles)}
${imports('r', ruleFiles)}
const schemas = [${chosen.map((_, n) => `b${n}, `).join('')}...schemasIn(${list('s', project.schemaFiles)}, ${text([...own])})]
serveProject({
  schemas,
  rules: rulesIn(${list('r', ruleFiles)}, schemas, ${text(project.config.defaults.outputs)}),
  tables: tablesIn(${text([...code.tables].map(([name, table]) => [name, [...table]]))}),
  sources: ${text([...sources, ...(overAlerts ? [alertsAsSource] : [])])},
  keepsRecords: ${keepsRecords(project)},
})
`
}

/** Names of the project's own schemas: those that have no built-in one's place, and those that took it. */
function ownNames({ schemas, replaced }: ProjectCode): string[] {
  const builtIn = new Set(replaced.map(({ name }) => name))
  return schemas.filter(({ name }) => builtIn.has(name) || !libraryNames.has(name)).map(({ name }) => name)
}

const libraryNames = new Set(library.map(({ name }) => name))

/** Rules that have something to say of their alerts. */
const speakingIn = ({ rules }: ProjectCode) => rules.filter(({ info }) => info.publishers !== undefined)

/** Whether an output or a rule names publishers. */
export const hasPublishers = ({ outputs }: Project, code: ProjectCode): boolean =>
  speakingIn(code).length > 0 || outputs.some(({ publishers }) => publishers.length > 0)

/** The code of the module that publishers run in. */
export function publisherEntry(project: Project, code: ProjectCode): string {
  const files = [...new Set(speakingIn(code).flatMap(({ info }) => code.fileOf.get(info.name) ?? []))]
  return `
import { serveProject } from ${text(ours('src/runtimes/aws/worker'))}
import { publishersIn, rulesIn } from ${text(ours('src/runtimes/aws/assemble'))}
import { publishers } from ${text(ours('src/publishers/index'))}
${imports('p', project.publisherFiles)}
${imports('r', files)}
serveProject({
  publishers: publishersIn(${list('p', project.publisherFiles)}, rulesIn(${list('r', files)}, [], []), publishers),
  ...{ schemas: [], rules: [], tables: new Map(), sources: [] },
})
`
}

/** The code of the first module of the function that sends: its outputs. Publishers are in its worker. */
export function dispatchEntry(project: Project, code: ProjectCode): string {
  const kinds = [...new Set(project.outputs.map(({ kind }) => kind.name))]
  const outputs = project.outputs.map(({ name, kind, options, publishers, delivery }) => {
    const data = text({ name, options, publishers, delivery })
    return `{ ...${data}, kind: o${kinds.indexOf(kind.name)} }`
  })
  const speaks = hasPublishers(project, code)
  const speakers = speakingIn(code).map(({ info }) => [info.name, info.publishers])
  return `
import { createDispatchHandler } from ${text(ours('src/runtimes/aws/dispatch'))}
import { lambdaSurroundings } from ${text(ours('src/runtimes/aws/surroundings'))}
${speaks ? `import { inWorkers } from ${text(ours('src/runtimes/aws/evaluation'))}` : ''}
${kinds.map((kind, n) => `import o${n} from ${text(outputFile(kind))}`).join('\n')}
export const handler = createDispatchHandler({
  ...${text(commonOf(project))},
  outputs: [${outputs.join(', ')}],
  ${speaks ? `publishing: ${workersText(project)},` : ''}
  publishersOfRules: new Map(${text(speakers)}),
  upkeep: ${text(upkeepOf(project, code))},
  sensitive: ${text(sensitiveOf(code))},
}, await lambdaSurroundings())
`
}

const upkeepOf = ({ config: { staging, health }, sources }: Project, { rules }: ProjectCode) => ({
  config: { staging, health },
  rules: rules.map(({ info }) => info),
  sources: sources.map(({ name, cluster, silentAfterMs }) => {
    return { name, cluster, ...(silentAfterMs !== undefined && { silentAfterMs }) }
  }),
})

/** An output is a file, or a folder. */
function outputFile(kind: string): string {
  const file = ours(`src/outputs/${kind}`)
  return existsSync(file) ? file : ours(`src/outputs/${kind}/index`)
}

const imports = (letter: string, files: readonly string[]): string =>
  files.map((file, n) => `import * as ${letter}${n} from ${text(file)}`).join('\n')
const list = (letter: string, files: readonly string[]): string =>
  `[${files.map((_, n) => `${letter}${n}`).join(', ')}]`

/** Schema → paths whose values people are not shown. */
export const sensitiveOf = ({ schemas }: ProjectCode): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(schemas.flatMap(({ name, sensitive }) => (sensitive.length > 0 ? [[name, sensitive]] : [])))

export function commonOf({ config, outputs }: Project) {
  const { alerts, hits, quarantine } = config.storage.retention
  const { maxTries, maxAge, timeout } = config.delivery
  return {
    rates: outputs.flatMap(({ name, delivery }) => (delivery.rate ? [[name, delivery.rate] as const] : [])),
    kept: { alertsMs: alerts, hitsMs: hits, quarantineMs: quarantine },
    limits: { latenessMs: config.merge.lateness, maxTries, maxAgeMs: maxAge, timeoutMs: timeout },
  }
}
