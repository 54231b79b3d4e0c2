import { z } from 'zod'
import type { Gate, ParseText } from '../core/contracts/index.ts'
import { defineParser } from '../core/parser.ts'
import { readHead, readHeader } from './shared/head.ts'
import { put } from './shared/record.ts'

/**
 * IBM Log Event Extended Format 1.0 and 2.0 (https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components).
 *
 * A record has the header (`leefVersion`, `vendor`, `product`, `productVersion`, `eventId`) and the map `attributes`. They are
 * separated by tabs, or by what a 2.0 header names: a character, or its code as `0x5E` or `x5E`. A syslog head before it
 * goes to the envelope.
 */
export const leef = defineParser({
  name: 'leef',
  summary: 'IBM Log Event Extended Format 1.0 and 2.0, with or without a syslog head.',
  options: z.strictObject({}),
  framing: () => 'lines',
  gate: () => mark,
  compile: (): ParseText => parseLeef,
})

const mark: Gate = { name: 'leef', words: ['LEEF:'] }

const opening = /(?:^|[^A-Za-z0-9_])LEEF: ?([12](?:\.\d)?)\|/

const parseLeef: ParseText = (text) => {
  const found = text.includes('LEEF:') ? opening.exec(text) : null
  if (!found) return { failure: 'no LEEF:version| in the text' }
  const from = found.index + found[0].length
  const header = readHeader(text, from, 4) ?? readHeader(`${text}|`, from, 4)
  if (!header) return { failure: 'the LEEF header has fewer than five fields' }
  const leefVersion = found[1] as string
  const [vendor, product, productVersion, eventId] = header.fields
  const { delimiter, end } = leefVersion.startsWith('2')
    ? readDelimiter(text, header.end)
    : { delimiter: '\t', end: header.end }
  const data = {
    leefVersion,
    vendor,
    product,
    productVersion,
    eventId,
    attributes: readAttributes(text.slice(end), delimiter),
  }
  const envelope = readHead(text.slice(0, text.indexOf('LEEF:', found.index)))
  return [envelope ? { data, envelope } : { data }]
}

const delimiterField = /(?:0?x([0-9A-Fa-f]{1,4})|([^=]?))\|/y

/** The sixth field of a 2.0 header, which some writers leave out. */
function readDelimiter(text: string, from: number): { delimiter: string; end: number } {
  delimiterField.lastIndex = from
  const found = delimiterField.exec(text)
  if (!found) return { delimiter: '\t', end: from }
  const [, code, char] = found
  const delimiter = code === undefined ? char || '\t' : String.fromCharCode(Number.parseInt(code, 16))
  return { delimiter, end: delimiterField.lastIndex }
}

/** Splits at delimiters; a piece without an equals sign belongs to the value before it. */
function readAttributes(text: string, delimiter: string): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  let key: string | undefined
  let value = ''
  const close = () => {
    if (key !== undefined && key !== '') put(attributes, key, unescape(value, delimiter))
  }
  for (const piece of pieces(text, delimiter)) {
    const equals = piece.indexOf('=')
    if (equals < 0) {
      value += key === undefined ? '' : delimiter + piece
      continue
    }
    close()
    key = piece.slice(0, equals).trim()
    value = piece.slice(equals + 1)
  }
  close()
  return attributes
}

/** A delimiter after a backslash does not count, unless it is a tab: a folder such as `C:\temp\` may precede it. */
function pieces(text: string, delimiter: string): string[] {
  if (delimiter === '\t' || !text.includes('\\')) return text.split(delimiter)
  const found: string[] = []
  const code = delimiter.charCodeAt(0)
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === 92) at++
    else if (text.charCodeAt(at) === code) {
      found.push(text.slice(start, at))
      start = at + 1
    }
  }
  found.push(text.slice(start))
  return found
}

/** `\\`, `\=`, `\|` and the delimiter are escapes; a backslash before anything else stands for itself, as in `C:\temp`. */
function unescape(value: string, delimiter: string): string {
  const trimmed = value.trimEnd()
  if (!trimmed.includes('\\')) return trimmed
  return trimmed.replace(/\\(.)/gs, (whole, char: string) =>
    char === '\\' || char === '=' || char === '|' || char === delimiter ? char : whole,
  )
}
