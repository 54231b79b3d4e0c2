/** What is wrong with the rules themselves: those that fail, and those that see nothing. */
export { type Blind, type BlindOptions, blindRules } from './blind.ts'
export { type Failing, type Failures, createFailures } from './failures.ts'
export { blindHit, blindRule, failingHit, failingRule, type HealthOptions, healthSchema } from './hits.ts'
export { type HealthReport, healthKey, readHealth, sinceKey } from './report.ts'
