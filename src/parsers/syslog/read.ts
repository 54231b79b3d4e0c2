import type { ParseFailure } from '../../core/contracts/index.ts'
import { readRfc3164 } from './rfc3164.ts'
import { readRfc5424 } from './rfc5424.ts'

/** The same for both RFCs; what a text does not say is absent. */
export interface SyslogFields extends Record<string, unknown> {
  /** facility × 8 + severity; beyond 191 neither is known. */
  priority?: number
  facility?: number
  severity?: number
  timestamp?: string
  hostname?: string
  appname?: string
  procid?: string
  msgid?: string
  /** Number of the message, as Cisco devices count them. */
  sequence?: number
  /** Structured data: element → parameter → value. */
  structured?: Record<string, unknown>
}

export interface SyslogRead {
  readonly fields: SyslogFields
  readonly message: string
}

const priority = /<(\d{1,4})>/y

/** Length of the text without the line ends and zeros that some transports leave behind it. */
function lengthOf(text: string): number {
  let length = text.length
  while (length > 0 && [0, 10, 13].includes(text.charCodeAt(length - 1))) length--
  return length
}

/** Reads one syslog message of either RFC; which of them is told by the version that RFC 5424 puts after the priority. */
export function readSyslog(given: string): SyslogRead | ParseFailure {
  const text = given.slice(0, lengthOf(given))
  const fields: SyslogFields = {}
  priority.lastIndex = 0
  const found = text.startsWith('<') ? priority.exec(text) : null
  if (found) {
    const value = Number(found[1])
    fields.priority = value
    if (value <= 191) {
      fields.facility = value >> 3
      fields.severity = value & 7
    }
  }
  const at = found ? found[0].length : 0
  return readRfc5424(text, at, fields) ?? readRfc3164(text, at, fields)
}
