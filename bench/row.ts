import { rounded } from './measure.ts'

/** A line of the table: what was measured, and what it is compared with. */
export interface Row {
  readonly what: string
  /** The goal in words; none: the figure is only reported. */
  readonly goal?: string
  /** The figure, with its unit. */
  readonly figure: string
  /** What the goal speaks of. */
  readonly value: number
  readonly met?: boolean
  /** Further numbers, for the record. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** A figure that is to be at least so much, of the floor. */
export const atLeast = (what: string, goal: number, value: number, figure: string, details?: Row['details']): Row => ({
  ...{ what, goal: `≥ ${goal}`, figure, value: rounded(value, 3), met: value >= goal },
  ...(details && { details }),
})

/** A figure that is to be at most so much. */
export const atMost = (
  what: string,
  goal: number,
  value: number,
  figure: string,
  unit = '',
  details?: Row['details'],
): Row => ({
  ...{ what, goal: `≤ ${goal}${unit}`, figure, value: rounded(value, 3), met: value <= goal },
  ...(details && { details }),
})

export const table = (rows: readonly Row[]): string =>
  [
    line('', 'goal', 'value', '', 'figure'),
    ...rows.map(({ what, goal = '', value, met, figure }) =>
      line(what, goal, String(value), met === undefined ? '' : met ? 'met' : 'missed', figure),
    ),
  ].join('\n')

const line = (what: string, goal: string, value: string, met: string, figure: string) =>
  `${what.padEnd(52)}${goal.padStart(10)}${value.padStart(10)}  ${met.padEnd(7)} ${figure}`.trimEnd()
