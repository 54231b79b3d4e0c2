import type { Screen } from '../../../core/component.ts'
import { paintFor } from '../../../core/text/paint.ts'
import { shorten } from '../../../core/text/printable.ts'

/** A standard stream, as far as a screen uses it. */
export interface Stream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
  on?(event: 'error', listener: (error: Error) => void): unknown
}

export interface ScreenOptions {
  /** Where alerts go: standard output. */
  readonly alerts: Stream
  /** Where all else goes: standard output too, or standard error when programs read the alerts. */
  readonly people: Stream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** A screen with a line at its bottom that changes, below all that scrolls. */
export interface LiveScreen extends Screen {
  /** For what people read beside alerts. */
  readonly people: Screen
  /** False where lines can only be added: nothing moves there. */
  readonly animated: boolean
  /** Sets the line at the bottom; where nothing moves, adds a line now and then. Must be printable and unpainted. */
  live(line: string): void
  /** Removes the line at the bottom. */
  rest(): void
}

/** Without a terminal, how often the live line is written, milliseconds. */
const seldom = 10_000
const eraseLine = '\r\u001b[2K'

export function createScreen({ alerts, people, env, now }: ScreenOptions): LiveScreen {
  const animated = people.isTTY === true
  const paint = paintFor(wantsColour(people, env))
  let live = ''
  let shown = ''
  let lastPlain = Number.NEGATIVE_INFINITY
  const closed = new Set<Stream>()
  // A reader that has gone (`streamalert run | head`) is no reason to end: other outputs still get their alerts.
  for (const stream of new Set([alerts, people])) stream.on?.('error', () => closed.add(stream))
  const put = (stream: Stream, text: string) => void (text === '' || closed.has(stream) || stream.write(text))

  const erase = () => {
    const was = shown
    shown = ''
    return was === '' ? '' : eraseLine
  }
  const redraw = () => {
    shown = paint.dim(shorten(live, columnsOf(people) - 1))
    return shown
  }

  /** Text above the live line, in one write where it can be: the eye sees no flicker. */
  const above = (stream: Stream, text: string) => {
    if (!animated) put(stream, text)
    else if (stream === people) put(people, erase() + text + redraw())
    else {
      put(people, erase())
      put(stream, text)
      put(people, redraw())
    }
  }

  return {
    colour: wantsColour(alerts, env),
    get columns() {
      return columnsOf(alerts)
    },
    write: (text) => above(alerts, text),
    people: {
      colour: wantsColour(people, env),
      get columns() {
        return columnsOf(people)
      },
      write: (text) => above(people, text),
    },
    animated,
    live(line: string) {
      if (line === live) return
      if (animated) {
        live = line
        put(people, eraseLine + redraw())
      } else if (now() - lastPlain >= seldom) {
        live = line
        lastPlain = now()
        put(people, `${line}\n`)
      }
    },
    rest() {
      live = ''
      put(people, erase())
    },
  }
}

const columnsOf = ({ columns }: Stream) => Math.max(20, columns ?? 100)

/** Colour on terminals, unless NO_COLOR (https://no-color.org) or a dumb terminal forbids it, or FORCE_COLOR demands it. */
export function wantsColour(stream: Stream, env: ScreenOptions['env']): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}
