import type { Severity } from './contracts/index.ts'

/** Severities in rising order. */
export const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical']

/** The gravest of a list that is not empty. */
export const highestSeverity = (list: readonly Severity[]): Severity =>
  severities[Math.max(...list.map((severity) => severities.indexOf(severity)))] ?? 'info'
