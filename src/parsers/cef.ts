import { z } from 'zod'
import type { Gate, ParseText } from '../core/contracts/index.ts'
import { defineParser } from '../core/parser.ts'
import { readHead, readHeader } from './shared/head.ts'
import { put } from './shared/record.ts'

/**
 * ArcSight Common Event Format, versions 0 and 1
 * (https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/pdfdoc/cef-implementation-standard/cef-implementation-standard.pdf).
 *
 * A record has the header (`cefVersion`, `deviceVendor`, `deviceProduct`, `deviceVersion`, `deviceEventClassId`, `name`,
 * `severity`), the map `extension` with all pairs, and the map `labels`, which joins custom fields with their names:
 * `cs1=blocked cs1Label=Policy` gives `labels.Policy`. A syslog head before it goes to the envelope.
 */
export const cef = defineParser({
  name: 'cef',
  summary: 'ArcSight Common Event Format, with or without a syslog head; custom fields joined with their labels.',
  options: z.strictObject({}),
  framing: () => 'lines',
  gate: () => mark,
  compile: (): ParseText => parseCef,
})

const mark: Gate = { name: 'cef', words: ['CEF:'] }

const opening = /(?:^|[^A-Za-z0-9_])CEF: ?(\d+(?:\.\d+)?)\|/

const parseCef: ParseText = (text) => {
  const found = text.includes('CEF:') ? opening.exec(text) : null
  if (!found) return { failure: 'no CEF:version| in the text' }
  const from = found.index + found[0].length
  const header = readHeader(text, from, 6) ?? readHeader(`${text}|`, from, 6)
  if (!header) return { failure: 'the CEF header has fewer than seven fields' }
  const [deviceVendor, deviceProduct, deviceVersion, deviceEventClassId, name, severity] = header.fields
  const extension = readExtension(text, header.end)
  const data: Record<string, unknown> = {
    cefVersion: found[1],
    deviceVendor,
    deviceProduct,
    deviceVersion,
    deviceEventClassId,
    name,
    severity,
    extension,
  }
  const labels = joinLabels(extension)
  if (labels) data.labels = labels
  const envelope = readHead(text.slice(0, text.indexOf('CEF:', found.index)))
  return [envelope ? { data, envelope } : { data }]
}

/**
 * Reads the pairs in one pass. A value may contain blanks: it ends before the next word that an unescaped equals sign
 * follows. An equals sign within the first word of a value belongs to it, since many writers forget to escape it.
 */
function readExtension(text: string, from: number): Record<string, unknown> {
  const pairs: Record<string, unknown> = {}
  let key: string | undefined
  let value = from
  let word = from
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 32) word = at + 1
    else if (code === 61 && word >= 0 && word < at) {
      if (key !== undefined) put(pairs, key, unescape(text.slice(value, word)))
      key = text.slice(word, at)
      value = at + 1
      word = -1
    }
  }
  if (key !== undefined) put(pairs, key, unescape(text.slice(value)))
  return pairs
}

const controls = new Map([
  ['n', '\n'],
  ['r', '\r'],
])

/** `\\`, `\=`, `\|`, `\n` and `\r` are escapes; a backslash before anything else stands for itself. */
function unescape(raw: string): string {
  const value = raw.trimEnd()
  return value.includes('\\') ? value.replace(/\\([\\=|nr])/g, (_, char: string) => controls.get(char) ?? char) : value
}

/** Values of custom fields by the names that their `…Label` fields give them; undefined when there are none. */
function joinLabels(extension: Record<string, unknown>): Record<string, unknown> | undefined {
  let labels: Record<string, unknown> | undefined
  for (const key of Object.keys(extension)) {
    if (!key.endsWith('Label') || key.length === 5) continue
    const field = key.slice(0, -5)
    const label = extension[key]
    if (typeof label !== 'string' || label === '' || !Object.hasOwn(extension, field)) continue
    labels ??= {}
    put(labels, label, extension[field])
  }
  return labels
}
