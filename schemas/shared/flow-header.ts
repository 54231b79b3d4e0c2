import { z } from 'zod'
import type { ParseText } from '../../src/core/contracts/index.ts'
import { defineParser } from '../../src/core/parser.ts'
import { csv } from '../../src/parsers/index.ts'

const rows = csv({ delimiter: ' ', quote: '', header: true, absent: ['-'] })

/** Rows behind a header that is one of flow logs: most of its words are fields of the schema. Any other first line is left to others. */
export const flowHeader = defineParser({
  name: 'flow-header',
  summary: 'AWS flow logs with a header.',
  options: z.strictObject({}),
  framing: () => 'lines',
  compile(_, fields): ParseText {
    const known = new Set(fields)
    const parse = rows.parser.compile(rows.options, fields)
    let last: { readonly header: string; readonly ours: boolean } | undefined
    const isOurs = (header: string) => {
      if (last?.header !== header) {
        const words = header.split('\n', 1)[0]!.trim().split(' ')
        last = { header, ours: words.length > 1 && words.filter((word) => known.has(word)).length > words.length / 2 }
      }
      return last.ours
    }
    return (text, context) => {
      const header = context.first ? text : context.firstLine
      return header !== undefined && isOurs(header) ? parse(text, context) : { failure: 'no header of a flow log' }
    }
  },
})
