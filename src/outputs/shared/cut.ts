import { isPlainObject } from '../../core/plain.ts'

/** What stands where something had to go, and where the whole of it is. */
export const cutNote = (alertId: string): string => `Cut to fit. The whole: streamalert alerts show ${alertId}`

/** `text` in at most `limit` UTF-16 units, which are never fewer than its characters. A cut text ends with `note`. */
export function cutText(text: string, limit: number, note = '…'): string {
  if (text.length <= limit) return text
  const tail = note.slice(0, limit)
  return `${upTo(text, limit - tail.length)}${tail}`
}

/** `text` in at most `limit` bytes of UTF-8. A cut text ends with `note`. */
export function cutBytes(text: string, limit: number, note = '…'): string {
  if (Buffer.byteLength(text) <= limit) return text
  const room = Math.max(limit - Buffer.byteLength(note), 0)
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(room))
  return cutBytes(`${text.slice(0, read)}${note}`, Math.max(limit, Buffer.byteLength(note)), '')
}

/** The beginning of a text, without half a character at its end. */
function upTo(text: string, end: number): string {
  const last = text.charCodeAt(end - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? end - 1 : end)
}

/** A value as JSON. What JSON has no form for (a bigint of a rule's context) becomes text; undefined is `null`. */
export function jsonOf(value: unknown, indent?: number): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner), indent) ?? 'null'
  )
}

/** A value as indented JSON for people, in at most `limit` UTF-16 units. A cut one ends with a line that says where the whole is. */
export function cutJson(value: unknown, limit: number, alertId: string): string {
  return cutText(jsonOf(value, 2), limit, `\n… ${cutNote(alertId)}`)
}

/**
 * Plain data whose JSON has at most `limit` bytes: the value itself where it fits; else with long texts, long lists and deep
 * levels cut as far as needed, and a field `streamalert_cut` that says where the whole is.
 */
export function cutValue(
  value: Readonly<Record<string, unknown>>,
  limit: number,
  alertId: string,
): Readonly<Record<string, unknown>> {
  if (sizeOf(value) <= limit) return value
  const note = { streamalert_cut: cutNote(alertId) }
  for (let most = 16_384; most >= 4; most /= 4) {
    const less = { ...(shrink(value, most, maxLevels) as object), ...note }
    if (sizeOf(less) <= limit) return less
  }
  return note
}

/** Levels that are left of what has to be cut. */
const maxLevels = 12

/** Texts of at most `most` characters, lists and objects of at most `most` entries. */
function shrink(value: unknown, most: number, levels: number): unknown {
  if (typeof value === 'string') return cutText(value, most)
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return '…'
  const inner = (one: unknown) => shrink(one, most, levels - 1)
  if (Array.isArray(value)) {
    const kept = value.slice(0, most).map(inner)
    return value.length > most ? [...kept, `… ${value.length - most} more`] : kept
  }
  const entries = Object.entries(value)
  const kept = entries.slice(0, most).map(([key, one]) => [cutText(key, most * 4), inner(one)] as const)
  return Object.fromEntries(entries.length > most ? [...kept, ['…', `${entries.length - most} more`]] : kept)
}

const sizeOf = (value: unknown) => Buffer.byteLength(jsonOf(value))

/** A value as an object: what is none stands under `value`. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  isPlainObject(value) ? value : { value }
