import type { LogLine } from '../../../core/contracts/index.ts'
import type { Paint } from '../../../core/text/paint.ts'
import { printable } from '../../../core/text/printable.ts'

/** A line of the engine's log, for a person. */
export function formatLogLine({ level, code, message }: LogLine, paint: Paint): string {
  const mark = level === 'error' ? paint.red('error') : level === 'warn' ? paint.yellow('warning') : paint.dim(level)
  return `${mark} ${paint.dim(printable(code))} ${printable(message)}`
}

/** Lines of one code that are shown in a period, and its length in milliseconds. */
const most = 5
const periodMs = 10_000

/** Which lines are shown: in a flood of one kind, only the first few, and then how many were left out. */
export interface Flood {
  /** Undefined: leave it out. Else the line, and before it what there is to say of those left out. */
  admit(line: LogLine, now: number): readonly LogLine[]
  /** What there is to say of lines left out in periods that have ended; all of them with `all`. */
  flush(now: number, all?: boolean): readonly LogLine[]
}

export function createFlood(): Flood {
  const codes = new Map<string, { since: number; shown: number; omitted: number; last: LogLine }>()

  const flush = (now: number, all = false): LogLine[] =>
    [...codes].flatMap(([code, { since, omitted, last }]) => {
      if (!all && now - since < periodMs) return []
      codes.delete(code)
      return omitted === 0 ? [] : [{ ...last, message: `… and ${omitted} more of these, such as: ${last.message}` }]
    })

  return {
    admit(line, now) {
      const before = flush(now)
      const known = codes.get(line.code)
      if (!known) {
        codes.set(line.code, { since: now, shown: 1, omitted: 0, last: line })
        return [...before, line]
      }
      known.last = line
      if (known.shown >= most) {
        known.omitted += 1
        return before
      }
      known.shown += 1
      return [...before, line]
    },
    flush,
  }
}
