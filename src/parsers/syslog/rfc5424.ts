import { put } from '../shared/record.ts'
import type { SyslogFields, SyslogRead } from './read.ts'
import { readIsoTime } from './time.ts'

const version = /[1-9]\d{0,2} /y
const word = /(\S+)(?: |$)/y

/**
 * Reads what follows the priority by RFC 5424 (https://www.rfc-editor.org/rfc/rfc5424#section-6). Answers undefined when
 * the text is not of that form, for then it may be of RFC 3164. Where structured data is malformed or left out, as by some
 * devices, the rest is the message; a head that ends early (as before LEEF) is complete.
 */
export function readRfc5424(text: string, at: number, fields: SyslogFields): SyslogRead | undefined {
  version.lastIndex = at
  if (!version.test(text)) return undefined
  let here = version.lastIndex
  const time = readIsoTime(text, here)
  if (time === undefined && !text.startsWith('- ', here)) return undefined
  here = time ? time.end + 1 : here + 2
  const names = ['hostname', 'appname', 'procid', 'msgid'] as const
  const words: string[] = []
  for (const _ of names) {
    if (here >= text.length) break
    word.lastIndex = here
    const found = word.exec(text)
    if (!found) return undefined
    words.push(found[1] as string)
    here = word.lastIndex
  }
  if (time) fields.timestamp = time.value
  for (const [index, name] of names.entries()) {
    const value = words[index] ?? '-'
    if (value !== '-') fields[name] = value
  }
  if (text.startsWith('- ', here) || text.slice(here) === '-') here += 2
  else {
    const structured = readStructured(text, here)
    if (structured) {
      fields.structured = structured.value
      here = structured.end
    }
  }
  const bom = text.charCodeAt(here) === 0xfeff ? 1 : 0
  return { fields, message: text.slice(here + bom) }
}

const elementName = /\[([^\s=\]"]{1,128})/y
const paramName = / +([^\s=\]"]{1,128})="/y

/**
 * Structured data: element → parameter → value. A parameter that an element holds more than once, as §6.3.3 allows, is a
 * list of its values. `end` is the offset of the message.
 */
function readStructured(text: string, at: number): { value: Record<string, unknown>; end: number } | undefined {
  const elements: Record<string, unknown> = {}
  let here = at
  for (;;) {
    elementName.lastIndex = here
    const element = elementName.exec(text)
    if (!element) return undefined
    here = elementName.lastIndex
    const params: Record<string, unknown> = {}
    for (;;) {
      paramName.lastIndex = here
      const param = paramName.exec(text)
      if (!param) break
      const close = closingQuote(text, paramName.lastIndex)
      if (close < 0) return undefined
      addParam(params, param[1] as string, unescape(text.slice(paramName.lastIndex, close)))
      here = close + 1
    }
    while (text[here] === ' ') here++
    if (text[here] !== ']') return undefined
    put(elements, element[1] as string, params)
    here++
    if (here >= text.length) return { value: elements, end: here }
    if (text[here] === ' ') return { value: elements, end: here + 1 }
    if (text[here] !== '[') return undefined
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 34) return at
  }
  return -1
}

/** `\"`, `\\` and `\]` are escapes; a backslash before anything else stands for itself (§6.3.3). */
const unescape = (value: string) => (value.includes('\\') ? value.replace(/\\(["\\\]])/g, '$1') : value)

function addParam(params: Record<string, unknown>, name: string, value: string): void {
  if (!Object.hasOwn(params, name)) return put(params, name, value)
  const former = params[name]
  if (Array.isArray(former)) former.push(value)
  else put(params, name, [former, value])
}
