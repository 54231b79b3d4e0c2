import type { AwsDraft } from './aws.ts'
import { renderAws } from './render-aws.ts'
import type { OutputDraft } from './outputs.ts'
import type { SourceDraft } from './sources.ts'

/** What streamalert.yaml says. Names of clusters and sources are plain; all else is quoted. */
export interface Configuration {
  readonly clusters: readonly string[]
  readonly sources: readonly SourceDraft[]
  /** Those of them that have test events to read. */
  readonly withEvents: ReadonlySet<SourceDraft | undefined>
  readonly outputs: readonly OutputDraft[]
  /** Built-in rules by the names of the predecessor's. */
  readonly library: readonly string[]
  /** What was deployed; undefined: not known. */
  readonly aws?: AwsDraft | undefined
}

export function renderYaml({ clusters, sources, withEvents, outputs, library, aws }: Configuration): string {
  return [
    '# yaml-language-server: $schema=.streamalert/streamalert.schema.json',
    '# Imported from a Python StreamAlert; IMPORT.md tells what became of it.',
    '# "streamalert validate" checks this file; what is left out has a default.',
    ...(clusters.length === 0 ? [] : ['', 'clusters:', ...clusters.map((name) => `  ${quoted(name)}: {}`)]),
    ...(sources.length === 0 ? [] : ['', ...renderSources(sources, withEvents)]),
    '',
    '# Where alerts go.',
    'outputs:',
    '  file:',
    '    alerts: { path: alerts.jsonl }',
    ...renderOutputs(outputs),
    '',
    '# For rules that name no output.',
    'defaults:',
    "  outputs: ['file:alerts']",
    ...renderLibrary(library),
    ...renderAws(aws),
    '',
  ].join('\n')
}

function renderSources(sources: readonly SourceDraft[], withEvents: Configuration['withEvents']): string[] {
  return [
    '# For now each source reads its test events, once; one that has none is not read.',
    '# Name the files with its logs instead, and take "follow: false" and "enabled: false" away.',
    'sources:',
    '  file:',
    ...sources.flatMap((source) => renderSource(source, withEvents.has(source))),
  ]
}

function renderSource({ name, cluster, service, resource, schemas, folder }: SourceDraft, enabled: boolean): string[] {
  return [
    `    ${comment(`${service} ${resource}`)}`,
    `    ${quoted(name)}:`,
    `      cluster: ${quoted(cluster)}`,
    ...renderNames(schemas),
    `      paths: [${quoted(`${folder}/**`)}]`,
    '      follow: false',
    ...(enabled ? [] : ['      enabled: false']),
  ]
}

function renderNames(schemas: readonly string[]): string[] {
  const line = `      schemas: [${schemas.map(quoted).join(', ')}]`
  return line.length <= 120 ? [line] : ['      schemas:', ...schemas.map((name) => `        - ${quoted(name)}`)]
}

/** Those of the predecessor, as comments: of each something is known that only AWS Systems Manager held. */
function renderOutputs(outputs: readonly OutputDraft[]): string[] {
  if (outputs.length === 0) return []
  const kinds = [...new Set(outputs.map(({ kind }) => kind))]
  return [
    '  # The outputs of the Python version. What they were told besides was kept in AWS Systems Manager: fill it in, and give',
    '  # each secret a value with "streamalert secret set NAME". The pages of docs/reference/outputs tell of other options.',
    ...kinds.flatMap((kind) => [
      `  ${comment(`${quoted(kind)}:`)}`,
      ...outputs.filter((output) => output.kind === kind).flatMap(renderOutput),
    ]),
  ]
}

function renderOutput({ name, options }: OutputDraft): string[] {
  if (options.length === 0) return [`  ${comment(`  ${quoted(name)}: {}`)}`]
  const lines = options.map(({ name, value, note }) => `    ${name}: ${value}${note === undefined ? '' : ` # ${note}`}`)
  return [`  ${quoted(name)}:`, ...lines].map((line) => `  ${comment(line)}`)
}

function renderLibrary(library: readonly string[]): string[] {
  if (library.length === 0) return []
  return [
    '',
    '# Rules of the library that bear the names of yours.',
    '# library:',
    ...library.map((name) => `#   - ${quoted(name)}`),
  ]
}

/** A text on one line, whatever it holds. */
const comment = (text: string) => `# ${text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}`

/** A text as YAML: plain where it cannot be taken for anything else. */
const quoted = (text: string) =>
  /^[A-Za-z][\w-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : /^[\w:*/.-]+$/.test(text)
      ? `'${text}'`
      : JSON.stringify(text)
