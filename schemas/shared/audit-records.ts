import { z } from 'zod'
import type { Gate, ParseText } from '../../src/core/contracts/index.ts'
import { defineParser } from '../../src/core/parser.ts'
import { keyValue } from '../../src/parsers/index.ts'

const head = /(?:^|\s)(?:node=(?<node>\S+) )?type=(?<type>\S+) msg=audit\((?<time>\d+\.\d+):(?<serial>\d+)\):\s*/
const mark: Gate = { name: 'audit', words: ['msg=audit('] }
const pairs = keyValue({ quotes: '\'"', repeated: 'last' })
const parsePairs = pairs.parser.compile(pairs.options, [])

/** Texts that a user could choose are written as hexadecimal digits without quotes when they hold blanks or quotes. */
const encoded = /(?:^|[ '])(acct|cmd|comm|cwd|exe|name|proctitle|a\d+)=((?:[0-9A-F]{2})+)(?=[ ']|$)/g

/**
 * Records of the Linux audit system: `type=… msg=audit(time:serial): pairs`, with anything before, such as a syslog head.
 * The pairs of user messages, which stand in one quoted pair `msg='…'`, join the others; encoded texts are decoded.
 * https://github.com/linux-audit/audit-documentation/wiki/SPEC-Writing-Good-Events
 */
export const auditRecords = defineParser({
  name: 'audit-records',
  summary: 'Records of the Linux audit system.',
  options: z.strictObject({}),
  framing: () => 'lines',
  gate: () => mark,
  compile: (): ParseText => (text, context) => {
    const found = head.exec(text)
    if (!found?.groups) return { failure: 'no type=… msg=audit(time:serial): in the text' }
    // Enriched records put the names of numbers behind a group separator.
    const body = text.slice(found.index + found[0].length).replaceAll('\x1d', ' ')
    const outer = pairsOf(body, context)
    const inner = typeof outer['msg'] === 'string' ? pairsOf(outer['msg'], context) : {}
    const { type } = found.groups
    const data: Record<string, unknown> = { ...outer, ...inner, ...found.groups }
    for (const [, key = '', digits = ''] of body.matchAll(encoded)) {
      if (!/^a\d/.test(key) || type === 'EXECVE') data[key] = decode(digits)
    }
    if (type === 'EXECVE') data['command'] = argumentsOf(data).join(' ')
    return [{ data }]
  },
})

function pairsOf(text: string, context: Parameters<ParseText>[1]): Record<string, unknown> {
  const found = parsePairs(text, context)
  const first = 'failure' in found ? undefined : found[0]
  return first && 'data' in first ? first.data : {}
}

function argumentsOf(data: Record<string, unknown>): string[] {
  const words: string[] = []
  for (let at = 0; typeof data[`a${at}`] === 'string'; at++) words.push(data[`a${at}`] as string)
  return words
}

/** The bytes that pairs of digits stand for, as UTF-8; arguments are separated by NUL. */
function decode(digits: string): string {
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
  return new TextDecoder().decode(bytes).replaceAll('\0', ' ')
}
