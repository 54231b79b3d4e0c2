import { z } from 'zod'
import type { ParseText } from '../../src/core/contracts/index.ts'
import { defineParser } from '../../src/core/parser.ts'
import { w3c } from '../../src/parsers/index.ts'

const lines = w3c()
const parse = lines.parser.compile(lines.options, [])
const directive = /^#(?:Version|Fields|Software|Start-Date|End-Date|Date|Remark):/i

/** W3C extended log files whose date and time, two columns, are joined into `timestamp`. Comments that are no directives are left to others. */
export const w3cTimed = defineParser({
  name: 'w3c-timed',
  summary: 'W3C extended log files, with date and time joined.',
  options: z.strictObject({}),
  framing: () => 'lines',
  gate: () => lines.parser.gate?.(lines.options, []),
  compile: (): ParseText => (text, context) => {
    if (text.startsWith('#') && !directive.test(text)) return { failure: 'a comment that is no directive' }
    const parsed = parse(text, context)
    if ('failure' in parsed) return parsed
    return parsed.map((record) => {
      if ('failure' in record) return record
      const { date, time } = record.data
      const timed = typeof date === 'string' && typeof time === 'string'
      return timed ? { data: { ...record.data, timestamp: `${date} ${time}` } } : record
    })
  },
})
