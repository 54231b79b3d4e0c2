/** A metric and its samples, as Prometheus takes them. */
export interface Family {
  /** Without the suffix `_total` of counters. */
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** `text`: version 0.0.4, which everything reads. `openmetrics`: version 1.0.0. */
export type Format = 'text' | 'openmetrics'

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** What a scraper that sends this `Accept` header is best given. */
export const formatFor = (accept = ''): Format =>
  accept.includes('application/openmetrics-text') ? 'openmetrics' : 'text'

/**
 * Metrics as text (https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/).
 * The two differ in the name under which a counter is described, in quotes within help, and in how the end is told.
 */
export function expose(families: readonly Family[], format: Format): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => {
      const sampleName = type === 'counter' ? `${name}_total` : name
      const described = format === 'text' ? sampleName : name
      return [
        `# HELP ${described} ${format === 'text' ? escapeHelp(help) : escapeLabel(help)}`,
        `# TYPE ${described} ${type}`,
        ...samples.map(({ labels = {}, value }) => `${sampleName}${labelsOf(labels)} ${numberOf(value)}`),
      ]
    })
  return [...lines, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n')
}

const escapeHelp = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

/** A lone half of a surrogate pair is no UTF-8. */
const escapeLabel = (text: string) => escapeHelp(text.toWellFormed()).replaceAll('"', '\\"')

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
