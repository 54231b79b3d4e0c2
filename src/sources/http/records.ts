import { parseJson } from '../../core/json.ts'
import { isPlainObject } from '../../core/plain.ts'
import type { SpoolEntry } from '../spool/index.ts'
import type { RecordOptions } from './exchange.ts'

const feed = 10

/** True when there is a line feed before the last byte: more than one line, or a record over several. */
const hasLines = (bytes: Uint8Array) => {
  const at = bytes.indexOf(feed)
  return at >= 0 && at < bytes.length - 1
}

/** The text of one record, whatever it is; one over several lines stays one. */
export function recordEntry(text: string): SpoolEntry {
  const bytes = Buffer.from(text)
  if (!hasLines(bytes)) return { bytes, framing: 'lines' }
  return { bytes, framing: isJson(text) ? 'json' : 'whole' }
}

/** Bytes that hold any number of records, with or without compression: the engine finds them. */
export function textEntry(bytes: Uint8Array): SpoolEntry {
  const plain = bytes[0] !== 0x1f && bytes[0] !== 0x28
  return plain && !hasLines(bytes) ? { bytes, framing: 'lines' } : { bytes }
}

/** A value as a record of JSON. */
export const jsonEntry = (value: unknown): SpoolEntry => ({
  bytes: Buffer.from(JSON.stringify(value)),
  framing: 'json',
})

const isJson = (text: string) => 'value' in parseJson(text)

/** The fields of a JSON object; undefined for any other value. Keys such as `__proto__` are own properties like all others. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isPlainObject(value) ? value : undefined
}

/** The own property of a JSON object; undefined for other values. */
export function field(value: unknown, name: string): unknown {
  const fields = fieldsOf(value)
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** The original text that a JSON record carries in one of the fields that may hold it. */
export function originalText(value: unknown, { text }: Pick<RecordOptions, 'text'>): string | undefined {
  for (const name of text) {
    const found = field(value, name)
    if (typeof found === 'string' && found !== '') return found
  }
  return undefined
}

/** A JSON object as a record: the original text in it, where the options ask for that, else itself. `raw`: it as it was sent, on one line. */
export function objectEntry(value: unknown, options: RecordOptions, raw?: Uint8Array): SpoolEntry {
  const text = options.envelope ? undefined : originalText(value, options)
  if (text !== undefined) return recordEntry(text)
  return raw ? { bytes: raw, framing: 'json' } : jsonEntry(value)
}
