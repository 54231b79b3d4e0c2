import { z } from 'zod'
import type { Gate, ParseText } from '../../src/core/contracts/index.ts'
import { defineParser } from '../../src/core/parser.ts'
import { keyValue } from '../../src/parsers/index.ts'

const mark: Gate = { name: 'fortinet', words: ['logid='] }
const pairs = keyValue({ repeated: 'last' })
const parsePairs = pairs.parser.compile(pairs.options, [])
const start = /(?:^|[ >,])(?=(?:date|logver|timestamp)=)/

/**
 * Log lines of Fortinet devices: pairs, alone or behind a syslog head, which is passed over since the pairs name the device
 * and the time. Field `timestamp` joins what says when, for `eventtime` and `tz` came with FortiOS 6.
 * https://docs.fortinet.com/document/fortigate/latest/fortios-log-message-reference/357866
 */
export const fortinetPairs = defineParser({
  name: 'fortinet-pairs',
  summary: 'Log lines of Fortinet devices.',
  options: z.strictObject({}),
  framing: () => 'lines',
  gate: () => mark,
  compile: (): ParseText => (text, context) => {
    const found = start.exec(text)
    if (!found) return { failure: 'no date= and logid= in the text' }
    const parsed = parsePairs(text.slice(found.index + found[0].length), context)
    if ('failure' in parsed) return parsed
    return parsed.map((record) => {
      if ('failure' in record) return record
      const { eventtime, date, time, tz } = record.data
      const clock = [date, time, tz].filter((part) => typeof part === 'string').join(' ')
      return { data: { ...record.data, timestamp: eventtime ?? clock } }
    })
  },
})
