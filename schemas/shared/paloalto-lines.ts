import { z } from 'zod'
import type { ParseText } from '../../src/core/contracts/index.ts'
import { defineParser } from '../../src/core/parser.ts'
import { csv, syslog } from '../../src/parsers/index.ts'

const begin = /(?:^|[\s>])(?=\d+,\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d,\w*,([A-Z]+),)/
const heads = syslog()
const parseHead = heads.parser.compile(heads.options, [])

const options = z.strictObject({
  type: z.string().meta({ description: 'The log type, such as `TRAFFIC`.' }),
  atLeast: z.int().meta({ description: 'Columns that the oldest versions write.' }),
})

/**
 * Log lines of PAN-OS: a row of cells, alone or behind a syslog head, which goes to the envelope. A head without a host, as
 * older versions send it, must not be read by syslog's rules together with the row. Columns are the fields of the schema;
 * those that newer versions add go to `more`.
 */
export const paloaltoLines = defineParser({
  name: 'paloalto-lines',
  summary: 'Log lines of Palo Alto Networks firewalls.',
  options,
  framing: () => 'lines',
  gate: ({ type }) => ({ name: `paloalto ${type}`, words: [`,${type},`] }),
  compile({ type, atLeast }, fields): ParseText {
    const rows = csv({ atLeast, rest: 'more' })
    const parseRow = rows.parser.compile(rows.options, fields)
    return (text, context) => {
      const found = begin.exec(text)
      if (found?.[1] !== type) return { failure: `no line of type ${type}` }
      const start = found.index + found[0].length
      const parsed = parseRow(text.slice(start), context)
      const head = 'failure' in parsed ? parsed : parseHead(text.slice(0, start).trimEnd(), context)
      const first = 'failure' in head ? undefined : head[0]
      if ('failure' in parsed || first === undefined || 'failure' in first) return parsed
      const { message: _, ...envelope } = first.data
      return parsed.map((record) => ('failure' in record ? record : { data: record.data, envelope }))
    }
  },
})
