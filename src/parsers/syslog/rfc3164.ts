import type { SyslogFields, SyslogRead } from './read.ts'
import { readBsdTime, readIsoTime } from './time.ts'

const sequence = /(?:(\d+): )+/y
const hostBeforeTime = /([^\s:#][^\s:]*): (?=[*.]?(?:[A-Z][a-z]{2} {1,2}\d|\d{4}[- ]))/y
const hostname = /((?!#)[^\s]*[^\s:\]])(?: +|$)/y
const tagWithPid = /([^\s[\]]{1,128})\[([^\]\s]{1,64})\](?:: *| +|$)/y
const tagAlone = /([^\s:[\]]{1,128}):(?: +|(?=\[)|$)/y
const mnemonic = /:? ?%([A-Z][A-Z0-9_]*)-((?:[A-Za-z0-9_]+-)*[0-7]-[A-Z0-9_]+)(?::| |$) */y

/**
 * Reads what follows the priority by RFC 3164 (https://www.rfc-editor.org/rfc/rfc3164), as devices really send it: any part
 * may be missing, and Cisco devices put a sequence number or their name before the time
 * (https://www.cisco.com/c/en/us/td/docs/routers/access/wireless/software/guide/SysMsgLogging.html).
 * A text that has neither priority nor time is a failure: it could be anything.
 */
export function readRfc3164(text: string, at: number, fields: SyslogFields): SyslogRead | { failure: string } {
  let here = at
  const take = (form: RegExp): RegExpExecArray | undefined => {
    form.lastIndex = here
    const found = form.exec(text)
    if (!found) return undefined
    here = form.lastIndex
    return found
  }
  const skip = (chars: string) => {
    while (here < text.length && chars.includes(text[here] as string)) here++
  }

  skip(': ')
  const number = take(sequence)?.[1]
  if (number !== undefined) fields.sequence = Number(number)
  let time = readTime(text, here)
  const early = time ? undefined : take(hostBeforeTime)?.[1]
  if (early !== undefined) {
    fields.hostname = early
    time = readTime(text, here)
  }
  if (time) {
    fields.timestamp = time.value
    here = time.end
    skip(': ')
  } else if (fields.priority === undefined) return { failure: 'neither a priority nor a time at the beginning' }

  const cisco = () => {
    const found = take(mnemonic)
    if (!found) return false
    fields.appname = found[1] as string
    fields.msgid = `${found[1]}-${found[2]}`
    return true
  }
  /** A relay puts its own head before the number and the time of a Cisco device; the latter counts if its clock is set. */
  const relayed = () => {
    if (!text.includes(': %', here)) return
    const before = here
    const count = take(sequence)?.[1]
    const own = readBsdTime(text, here)
    if (!own || !text.startsWith(': %', own.end)) {
      here = before
      return
    }
    if (count !== undefined) fields.sequence = Number(count)
    if (!'*.'.includes(text[here] as string)) fields.timestamp = own.value
    here = own.end + 2
  }
  const tag = () => {
    if (!mayBeTag(text, here)) return false
    const found = take(tagWithPid) ?? take(tagAlone)
    if (!found) return false
    fields.appname = found[1] as string
    if (found[2] !== undefined) fields.procid = found[2]
    return true
  }
  /** Without a time the first word is taken for a host only when a tag with a process id follows. */
  const host = () => {
    const before = here
    const found = take(hostname)
    if (!found) return
    tagWithPid.lastIndex = here
    if (time || tagWithPid.test(text)) fields.hostname = found[1] as string
    else here = before
  }

  if (!cisco() && !(early !== undefined && tag()) && !tag()) {
    if (early === undefined) host()
    relayed()
    if (!cisco()) tag()
  }
  return { fields, message: text.slice(here) }
}

const readTime = (text: string, at: number) => readBsdTime(text, at) ?? readIsoTime(text, at)

/** False for most words that are no tag: a tag ends with a colon or a bracket. */
function mayBeTag(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3a || code === 0x5b) return true
    if (code === 0x20) return false
  }
  return false
}
