import { parseJson } from '../../core/json.ts'
import { cut, sniff } from '../../core/split/index.ts'
import type { SpoolEntry } from '../spool/index.ts'

/** Takes a stream of unknown text apart where records end. */
export interface Cutter {
  /** What is complete with this chunk. */
  push(chunk: Uint8Array): readonly SpoolEntry[]
  /** What is not yet complete. */
  rest(): Uint8Array
}

/** A record that is longer is cut. Bytes. */
const longestRecord = 16_777_216

/**
 * Lines; JSON values where the first of them goes over several lines. Where a value does not end within the limit, the text is
 * taken for lines from then on.
 */
export function createCutter(limit = longestRecord): Cutter {
  let framing: 'lines' | 'json' | undefined
  let parts: Uint8Array[] = []
  let size = 0
  /** Nothing is looked for before there are so many bytes: long records cost no square. */
  let wanted = 0

  return {
    push(chunk) {
      parts.push(chunk)
      size += chunk.byteLength
      if (size < Math.min(wanted, limit) || (chunk.indexOf(10) < 0 && size < limit)) return []
      const bytes = Buffer.concat(parts)
      framing ??= framingOf(bytes)
      let end = framing ? cut(bytes, framing) : 0
      if (end === 0 && size >= limit) {
        framing = 'lines'
        end = size
      }
      parts = end < size ? [bytes.subarray(end)] : []
      size -= end
      wanted = end === 0 && framing === 'json' ? size * 2 : 0
      if (end === 0) return []
      const whole = bytes.subarray(0, end)
      return [{ bytes: whole, framing: framing ?? 'lines', records: linesIn(whole) }]
    },
    rest: () => Buffer.concat(parts),
  }
}

/** Undefined while the first line has not ended. */
function framingOf(bytes: Buffer): 'lines' | 'json' | undefined {
  const text = bytes.toString('utf8').trimStart()
  const end = text.indexOf('\n')
  if (end < 0) return undefined
  if ('value' in parseJson(text.slice(0, end))) return 'lines'
  return sniff(bytes, new Set(['lines', 'json'])) === 'json' ? 'json' : 'lines'
}

function linesIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return Math.max(1, count)
}
