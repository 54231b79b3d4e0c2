import type { Framing } from '../contracts/index.ts'

/**
 * Which framing the beginning of a stream shows, among those that candidates use: `json` where a JSON object or list of
 * values begins, `quoted` where the first line is one of CSV, else `lines`. `whole` only when nothing else is possible.
 */
export function sniff(head: Uint8Array, framings: ReadonlySet<Framing>): Framing {
  const [only] = framings
  if (framings.size <= 1) return only ?? 'lines'
  const text = new TextDecoder().decode(beginning(head)).trimStart()
  if (framings.has('json') && jsonStart.test(text)) return 'json'
  if (framings.has('quoted') && (!framings.has('lines') || isCsv(text))) return 'quoted'
  return (['lines', 'json', 'whole'] as const).find((framing) => framings.has(framing)) ?? 'lines'
}

/** As much as is looked at, behind blanks: a body may be large. */
function beginning(bytes: Uint8Array): Uint8Array {
  let from = 0
  while (from < bytes.length && bytes[from]! <= 0x20) from++
  return bytes.subarray(from, from + 65_536)
}

/** `[Wed Oct 11 …] [error]` and `[2023-07-10]` begin lines of text, not lists. */
const jsonStart =
  /^(?:\{\s*["}]|\{\s*$|\[\s*(?:[[{"\]]|$|(?:-?\d+(?:\.\d+)?|true|false|null)\s*[,\]]\s*(?:$|[\d"[{,\]tfn-])))/

/** Text before a delimiter that no blank follows, as one does in prose, or quotes around all of a field. */
const quoted = String.raw`"(?:[^"]|"")*(?:"|$)`
const csvLine = new RegExp(String.raw`^(?:${quoted}|[^",;\t|]*)(?:[,;\t|](?: *${quoted}|(?! )[^",;\t|]*))+$`)

const isCsv = (text: string) => csvLine.test(/^[^\n]*/.exec(text)![0].trimEnd())
