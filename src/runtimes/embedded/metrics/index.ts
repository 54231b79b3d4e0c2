import { readFileSync } from 'node:fs'
import { packageFile } from '../../../project/resolve.ts'
import { type Collector, type CollectHost, createCollector } from './collect.ts'
import { createMetricsServer, type MetricsHost, type MetricsServer } from './server.ts'

/** What Prometheus is told. */
export interface Metrics extends Omit<Collector, 'families'>, MetricsServer {}

/** Counts from now on; listens when it is told to. */
export function createMetrics(host: Omit<CollectHost, 'version'> & Omit<MetricsHost, 'collector'>): Metrics {
  const collector = createCollector({ ...host, version: version() })
  const server = createMetricsServer({ ...host, collector })
  return { ...server, committed: collector.committed, settled: collector.settled }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { readonly version?: unknown }
  return String(manifest.version)
}
