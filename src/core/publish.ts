import type { Alert, LogRecord, MergeSummary, Normalised, Severity } from './contracts/index.ts'

/**
 * What is said of an alert: plain JSON. Publishers may add, change and drop anything, so nothing is sure to be there; an output
 * takes the facts it cannot do without (id, rule, severity) from the alert. Keys such as `@slack.text` speak to one kind of
 * output, which uses them instead of its own words.
 */
export type Publication = Readonly<Record<string, unknown>>

/**
 * What an output sends of an alert unless told otherwise, and what `--json` prints: plain JSON, one form everywhere.
 * Nothing is hidden in it; whatever shows it to people (terminals, logs) masks the schema's `sensitive` fields itself.
 */
export interface DefaultPublication {
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly title: string
  readonly description: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly cluster: string
  readonly source: string
  readonly schema: string
  /** The fields of the record that raised the alert. */
  readonly record: LogRecord['data']
  readonly recordId: string
  /** Where the record stands in its source. */
  readonly position: string
  /** Event time, ISO 8601. */
  readonly time: string
  readonly envelope?: Readonly<Record<string, unknown>>
  readonly normalised?: Normalised
  readonly outputs: readonly string[]
  readonly context: Readonly<Record<string, unknown>>
  readonly staged: boolean
  readonly mergedFrom?: MergeSummary
  readonly updates?: string
}

/** The default publication of an alert. */
export function publish(alert: Alert): DefaultPublication & Publication {
  const { id, rule, severity, title, description, createdAt, cluster, source, schema, record } = alert
  return {
    id,
    rule,
    severity,
    title,
    description,
    createdAt,
    cluster,
    source,
    schema,
    record: record.data,
    recordId: record.id,
    position: record.position,
    time: new Date(record.time).toISOString(),
    ...(record.envelope && { envelope: record.envelope }),
    ...(record.normalised && { normalised: record.normalised }),
    outputs: alert.outputs,
    context: alert.context,
    staged: alert.staged,
    ...(alert.mergedFrom && { mergedFrom: alert.mergedFrom }),
    ...(alert.updates !== undefined && { updates: alert.updates }),
  }
}

/** A publication as one line of JSON. A value that JSON has no form for (a bigint of a rule's context) becomes text. */
export function publicationJson(publication: Publication): string {
  return JSON.stringify(publication, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
