/** What is wrong with the engine's own parts: rules that fail or see nothing, sources that fail or are silent. */
export { type Blind, type BlindOptions, blindRules } from './blind.ts'
export { type Failing, type Failures, createFailures } from './failures.ts'
export {
  backHit,
  backRule,
  blindHit,
  blindRule,
  failingHit,
  failingRule,
  type HealthOptions,
  healthSchema,
  silentHit,
  silentRule,
} from './hits.ts'
export { type HealthReport, healthKey, readHealth, sinceKey } from './report.ts'
export { type Silent, silences } from './silent.ts'
export { readSources, type SourceReport, sourcesKey, type SourcesReport } from './sources.ts'
