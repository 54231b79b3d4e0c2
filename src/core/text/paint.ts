import type { Severity } from '../contracts/index.ts'

/** Colours for terminal text. Without colour, each answers its text unchanged. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
  /** Text in the colour of a severity. */
  readonly severity: (severity: Severity, text: string) => string
  /** Text on a ground of that colour. */
  readonly badge: (severity: Severity, text: string) => string
}

/** Of the 256 colours that every terminal has; each badge's text stands out on dark and on light grounds. */
const grounds: Readonly<Record<Severity, { readonly ground: number; readonly text: number }>> = {
  critical: { ground: 160, text: 231 },
  high: { ground: 208, text: 16 },
  medium: { ground: 220, text: 16 },
  low: { ground: 75, text: 16 },
  info: { ground: 245, text: 16 },
}

/** Select Graphic Rendition (ECMA-48 §8.3.117). `text` must be printable. */
const sgr = (on: string, off: string) => (text: string) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`)
const same = (text: string) => text

const coloured: Paint = {
  bold: sgr('1', '22'),
  dim: sgr('2', '22'),
  red: sgr('31', '39'),
  green: sgr('32', '39'),
  yellow: sgr('33', '39'),
  cyan: sgr('36', '39'),
  severity: (severity, text) => sgr(`38;5;${grounds[severity].ground}`, '39')(text),
  badge: (severity, text) => sgr(`1;38;5;${grounds[severity].text};48;5;${grounds[severity].ground}`, '0')(text),
}

const uncoloured: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
  severity: (_severity, text) => text,
  badge: (_severity, text) => text,
}

/** The colours of a screen. */
export const paintFor = (colour: boolean): Paint => (colour ? coloured : uncoloured)
