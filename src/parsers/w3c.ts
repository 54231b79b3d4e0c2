import { z } from 'zod'
import type { Gate, Parsed, ParseFailure, ParseText } from '../core/contracts/index.ts'
import { defineParser } from '../core/parser.ts'
import { type CellSyntax, readRows } from './shared/cells.ts'
import { compileColumns } from './shared/columns.ts'

const options = z.strictObject({
  columns: z
    .array(z.string())
    .optional()
    .meta({ description: 'Names of the columns for streams whose head has no `#Fields:` line.' }),
  absent: z.array(z.string()).default(['-']).meta({ description: 'Cells with one of these texts are left out.' }),
})

type ReadRow = (cells: readonly string[]) => Parsed | ParseFailure

/**
 * W3C extended log files (https://www.w3.org/TR/WD-logfile.html), as of IIS, CloudFront and many proxies: lines that begin with
 * `#` are directives, of which `#Fields:` names the columns. Cells are separated by blanks or, as by CloudFront, by tabs.
 *
 * A line knows its columns by the `#Fields:` line before it in the same text, else by the head of the stream
 * (`ParseContext.firstLine`, with the `#` lines that follow the first, or a later `#Fields:` line), else by `columns`.
 * Directives hold no record.
 */
export const w3c = defineParser({
  name: 'w3c',
  summary: 'W3C extended log files: `#Fields:` names the columns.',
  options,
  framing: () => 'lines',
  gate: (given) => (given.columns ? undefined : hasDirectives),
  compile(given): ParseText {
    const fixed = given.columns && compileRow(given.columns, given.absent)
    let head: { readonly text: string; readonly read: ReadRow | undefined } | undefined

    /** Columns by the stream's head; those of the last head seen are remembered. */
    const byHead = (text: string | undefined) => {
      if (text === undefined) return undefined
      if (head?.text !== text) {
        const names = text
          .split('\n')
          .map(fieldNames)
          .find((found) => found !== undefined)
        head = { text, read: names && compileRow(names, given.absent) }
      }
      return head.read
    }

    return (text, context) => {
      const results: (Parsed | ParseFailure)[] = []
      let read: ReadRow | undefined
      for (const line of text.split('\n')) {
        if (line.trim() === '') continue
        if (line.startsWith('#')) {
          const names = fieldNames(line)
          if (names) read = compileRow(names, given.absent)
          continue
        }
        const row = read ?? byHead(context.firstLine) ?? fixed
        results.push(row ? row(cellsOf(line)) : { failure: 'no #Fields: line is known' })
      }
      return results
    }
  },
})

const compileRow = (names: readonly string[], absent: readonly string[]): ReadRow =>
  compileColumns(names, { syntax: blanks, absent })

/** Without directives there is neither a head nor a row. */
const hasDirectives: Gate = {
  name: 'w3c',
  passes: (text, { firstLine }) => text.includes('#') || (firstLine !== undefined && /^\uFEFF?#/.test(firstLine)),
}

/** The names that a `#Fields:` directive lists; undefined for any other line. */
function fieldNames(line: string): readonly string[] | undefined {
  const found = /^\uFEFF?#Fields:?[ \t]+(.*)$/i.exec(line.trimEnd())
  return found?.[1]?.split(/[ \t]+/)
}

const blanks: CellSyntax = { delimiter: ' ', quote: '"', escape: undefined }
const tabs: CellSyntax = { delimiter: '\t', quote: '', escape: undefined }

const cellsOf = (line: string): readonly string[] =>
  readRows(line.trimEnd(), line.includes('\t') ? tabs : blanks)[0]?.cells ?? []
