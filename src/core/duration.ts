import { CodedError } from './errors.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** `500ms`, `30s`, `5m`, `2h`, `7d`, `4w`. */
export type Duration = `${number}${keyof typeof units}`

/** Milliseconds of a duration. Throws CONFIG_INVALID for anything else, and for nothing or less. */
export function milliseconds(duration: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(duration)
  const value = found ? Number(found[1]) * units[found[2] as keyof typeof units] : 0
  if (!(value > 0)) throw new CodedError('CONFIG_INVALID', `"${duration}" is not a duration: write 30s, 5m, 2h or 7d.`)
  return value
}
