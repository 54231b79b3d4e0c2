import type { Severity } from './contracts/index.ts'

/** Severities in rising order. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[]

export const isSeverity = (value: unknown): value is Severity => severities.some((known) => known === value)

/** The gravest of a list that is not empty. */
export const highestSeverity = (list: readonly Severity[]): Severity =>
  severities[Math.max(...list.map((severity) => severities.indexOf(severity)))] ?? 'info'
