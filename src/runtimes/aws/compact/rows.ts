import type { LogRecord } from '../../../core/contracts/index.ts'
import { zstd } from '../../../decoders/zstd.ts'

/** Decoded bytes that one segment may have: more than those of ingest, and what a function of 2 GB can hold twice. */
const mostBytes = 512 * 1_048_576

/** A line of a segment. */
export interface Line {
  readonly text: Buffer
  /** Undefined when the line is none of ours. */
  readonly record: LogRecord | undefined
}

/** The lines of a segment, decompressed. Throws BODY_DAMAGED, BODY_TOO_LARGE when it cannot be. */
export function linesIn(segment: Uint8Array): { readonly bytes: number; readonly lines: Iterable<Line> } {
  const decoded = zstd.decode(segment, mostBytes)
  const text = Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength)
  return { bytes: text.length, lines: splitLines(text) }
}

function* splitLines(text: Buffer): Generator<Line> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(0x0a, from)
    const to = end < 0 ? text.length : end
    const line = text.subarray(from, to)
    if (line.length > 0) yield { text: line, record: recordIn(line) }
    from = to + 1
  }
}

function recordIn(line: Buffer): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(line.toString())
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is LogRecord {
  if (!isObject(value)) return false
  const { id, schema, source, time, data } = value
  const named = [id, schema, source].every((text) => typeof text === 'string')
  return named && typeof time === 'number' && isObject(data)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
