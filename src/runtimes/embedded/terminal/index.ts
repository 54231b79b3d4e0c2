import type { Alert, Committed, FrameResult, LogLine, Settlement } from '../../../core/contracts/index.ts'
import { type CodedError, formatProblem } from '../../../core/errors.ts'
import { severities } from '../../../core/severity.ts'
import { paintFor } from '../../../core/text/paint.ts'
import { printable } from '../../../core/text/printable.ts'
import { createJoined } from './joined.ts'
import { createFlood, formatLogLine } from './log-lines.ts'
import { addSample, progressLine, type ProgressState, ratesOf, type Sample, spinner } from './progress-line.ts'
import type { LiveScreen } from './screen.ts'
import { renderSummary, stillWaiting } from './summary.ts'
import { addCommitted, addSettled, emptyTally } from './tally.ts'

export { createScreen, type LiveScreen } from './screen.ts'

export interface ReporterOptions {
  readonly screen: LiveScreen
  readonly now: () => number
  /** How the person calls the program here, such as `npx streamalert --project examples/quickstart`. */
  readonly command: string
  /** True: read what is there and end. */
  readonly once: boolean
}

/** Tells a person what the engine does. Everything but alerts, which the output `terminal:screen` shows. */
export interface Reporter {
  /** Paths that must not be shown, by schema; anew after each reload. */
  readonly started: (sensitive: Readonly<Record<string, readonly string[]>>) => void
  readonly committed: (committed: Committed, results: readonly FrameResult[]) => void
  readonly settled: (settlement: Settlement) => void
  readonly log: (line: LogLine) => void
  /** All that the sources held has been read and sent: shows the summary, and goes on. */
  readonly caughtUp: () => void
  readonly reloadFailed: (problems: readonly CodedError[]) => void
  /** To be called about ten times a second: moves the line at the bottom, and writes what waits. */
  readonly tick: () => void
  /**
   * Shows the summary, unless it was shown; nothing moves afterwards. `waiting`: deliveries that are still to be sent, which are
   * told in any case.
   */
  readonly end: (waiting: number) => void
}

export function createReporter({ screen, now, command, once }: ReporterOptions): Reporter {
  const { people } = screen
  const paint = paintFor(people.colour)
  const tally = emptyTally()
  const flood = createFlood()
  const joined = createJoined()
  const start = now()
  let sensitive: Readonly<Record<string, readonly string[]>> = {}
  let samples: readonly Sample[] = []
  let gravest: Alert | undefined
  let following = false

  const say = (lines: readonly string[]) => void (lines.length > 0 && people.write(`${lines.join('\n')}\n`))
  const sayLines = (lines: readonly LogLine[]) => say(lines.map((line) => formatLogLine(line, paint)))

  const summarise = (waiting: number) => {
    sayLines(flood.flush(now(), true))
    const { colour, columns } = people
    const elapsedMs = now() - start
    people.write(
      renderSummary(tally, {
        colour,
        columns,
        elapsedMs,
        command,
        waiting,
        once,
        ...(gravest && { anAlert: gravest.id }),
      }),
    )
  }

  return {
    started(paths) {
      sensitive = paths
    },
    committed(committed, results) {
      for (const alert of committed.alerts) {
        joined.opened(alert, sensitive[alert.schema] ?? [])
        if (!gravest || severities.indexOf(alert.severity) > severities.indexOf(gravest.severity)) gravest = alert
      }
      for (const [alert, count] of committed.joined) if (following) joined.joined(alert, count)
      addCommitted(tally, results, committed, (alert) => joined.ruleOf(alert))
    },
    settled: (settlement) => addSettled(tally, settlement),
    log(line) {
      if (line.level !== 'debug') sayLines(flood.admit(line, now()))
    },
    caughtUp() {
      if (once || following) return
      following = true
      summarise(0)
    },
    reloadFailed(problems) {
      const lines = problems.map((problem) => formatProblem(problem).split('\n').map(printable).join('\n'))
      say([paint.red('The change does not load; everything goes on as before it.'), ...lines])
    },
    tick() {
      const at = now()
      sayLines(flood.flush(at))
      say(joined.notices(paint, people.columns))
      samples = addSample(samples, { at, records: tally.records + tally.quarantined, bytes: tally.bytes })
      const state: ProgressState = { tally, rates: ratesOf(samples), elapsedMs: at - start, following }
      screen.live(screen.animated ? `${spinner(state)} ${progressLine(state)}` : progressLine(state))
    },
    end(waiting) {
      screen.rest()
      if (!following) summarise(waiting)
      else {
        sayLines(flood.flush(now(), true))
        if (waiting > 0) say([paint.yellow(stillWaiting(waiting))])
      }
    },
  }
}
