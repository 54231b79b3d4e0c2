import type { QuarantineEntry } from '../contracts/index.ts'

/** An entry of the quarantine as JSON: its bytes as `text`, or as `base64` where they are no UTF-8, or would grow too much. */
export type EntryJson = Omit<QuarantineEntry, 'raw' | 'receivedAt'> & {
  /** ISO 8601. */
  readonly receivedAt: string
  readonly text?: string
  readonly base64?: string
}

export function entryToJson({ raw, receivedAt, ...entry }: QuarantineEntry): EntryJson {
  return { ...entry, receivedAt: new Date(receivedAt).toISOString(), ...bytesToJson(raw) }
}

export function entryFromJson({ text, base64, receivedAt, ...entry }: EntryJson): QuarantineEntry {
  const raw = base64 === undefined ? new TextEncoder().encode(text ?? '') : bytesOf(base64)
  return { ...entry, receivedAt: Date.parse(receivedAt), raw }
}

function bytesToJson(raw: Uint8Array): { readonly text: string } | { readonly base64: string } {
  const text = textOf(raw)
  // Control characters take six bytes each in JSON.
  if (text !== undefined && JSON.stringify(text).length <= 2 * raw.length + 2) return { text }
  return { base64: base64Of(raw) }
}

function textOf(raw: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return undefined
  }
}

/** Bytes that become one argument each. */
const atOnce = 0x2000

function base64Of(raw: Uint8Array): string {
  let characters = ''
  for (let at = 0; at < raw.length; at += atOnce) characters += String.fromCharCode(...raw.subarray(at, at + atOnce))
  return btoa(characters)
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
