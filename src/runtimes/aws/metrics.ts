import type { Committed, FrameResult, Metric } from '../../core/contracts/index.ts'
import type { Place, Surroundings } from './surroundings.ts'

/** What infra/modules/monitoring looks at. */
export type Measured = 'Records' | 'Alerts' | 'Quarantined' | 'RuleErrors' | 'DeadDeliveries'

/**
 * The same of history: records that became Parquet, objects (or, before Firehose, records) that had to be set aside, and whether segments were left for lack of time
 * or for a failure (1, else 0).
 */
export type MeasuredOfHistory = 'Compacted' | 'SetAside' | 'Behind'

/**
 * Writes numbers as a line that CloudWatch takes for metrics:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(
  { prefix, cluster }: Pick<Place, 'prefix' | 'cluster'>,
  { now, write }: Pick<Surroundings, 'now' | 'write'>,
  values: Partial<Readonly<Record<Measured | MeasuredOfHistory, number>>>,
): void {
  const names = Object.keys(values)
  if (names.length === 0) return
  const metrics = names.map((Name) => ({ Name, Unit: 'Count' }))
  const about = { Namespace: 'StreamAlert', Dimensions: [['Deployment', 'Cluster']], Metrics: metrics }
  const header = { Timestamp: now(), CloudWatchMetrics: [about] }
  write(JSON.stringify({ _aws: header, Deployment: prefix, Cluster: cluster, ...values }))
}

/** The numbers of one commit. */
export function measuredIn({ alerts }: Committed, results: readonly FrameResult[]): Record<Measured, number> {
  const sum = (metric: Metric) =>
    results
      .flatMap(({ counts }) => counts)
      .filter((count) => count.metric === metric)
      .reduce((total, { n }) => total + n, 0)
  return {
    Records: sum('records'),
    Alerts: alerts.length,
    Quarantined: sum('quarantined'),
    RuleErrors: sum('rule_errors'),
    DeadDeliveries: 0,
  }
}
