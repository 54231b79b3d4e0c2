/** Text for people. Log data is hostile: what reaches a terminal from it goes through `printable` first. */

/** Controls (also of 8 bits), formatting (which can reorder or hide text), line separators, halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The text on one line, with all that could command a terminal, reorder or hide text shown as what it is: `\x1b`, `\u202e`. */
export const printable = (text: string): string => text.replace(unprintable, show)

function show(character: string): string {
  const short = named.get(character)
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

const named = new Map([
  ['\t', ' '],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

/** Letters, punctuation, arrows, lines and ticks that fill one column each, whatever stands beside them: nearly all text. */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u257f\u2713\u2717]*$/
/** East Asian wide characters and emoji fill two columns (https://www.unicode.org/reports/tr11/). */
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const markOnly = /^\p{M}+$/u

/** What a reader sees as one character. Its data take 20 ms to load: for text that is not plain. */
const graphemesOf = (text: string): Intl.Segments =>
  new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)

const graphemeWidth = (grapheme: string) => (markOnly.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1)

/** Columns that printable text fills on a terminal. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment)
  return width
}

/** The text, cut to at most `columns` columns; the cut is shown by an ellipsis. */
export function shorten(text: string, columns: number): string {
  if (plain.test(text)) return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`
  let width = 0
  let kept = ''
  let fitting = ''
  // Every column takes at least one code unit; nobody reads on in a text of megabytes.
  for (const { segment } of graphemesOf(text.slice(0, columns * 8 + 8))) {
    width += graphemeWidth(segment)
    if (width > columns) return `${fitting}…`
    kept += segment
    if (width < columns) fitting = kept
  }
  return kept.length < text.length ? `${fitting}…` : kept
}

/** The text in lines of at most `columns`, broken at spaces where there are any; at most `lines`, the last one cut. */
export function wrap(text: string, columns: number, lines: number): string[] {
  const result: string[] = []
  let line = ''
  const words = text
    .slice(0, columns * lines * 8)
    .split(/ +/)
    .filter(Boolean)
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`
    if (textWidth(longer) <= columns) {
      line = longer
      continue
    }
    if (result.length === lines - 1)
      return [...result, shorten(`${longer} ${words.slice(index + 1).join(' ')}`, columns)]
    if (line !== '') result.push(line)
    line = shorten(word, columns)
  }
  return line === '' ? result : [...result, line]
}

/** The text with spaces up to `columns`. */
export const padEnd = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - textWidth(text)))

/** The text behind spaces, up to `columns`. */
export const padStart = (text: string, columns: number) => ' '.repeat(Math.max(0, columns - textWidth(text))) + text
