import { z } from 'zod'
import type { Gate, ParseText } from '../../core/contracts/index.ts'
import { compileGlob } from '../../core/glob.ts'
import { defineParser } from '../../core/parser.ts'
import { alone, compileUse, failed, parserUse, usesFields } from '../shared/use.ts'
import { readSyslog } from './read.ts'

const options = z.strictObject({
  app: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'Only messages of these programs (`appname`), globs such as `postfix/*` included.' }),
  message: parserUse.optional().meta({
    description: 'The message is a text for this further parser, such as `json()`; its fields make the record.',
  }),
  head: z.enum(['envelope', 'record']).default('envelope').meta({
    description:
      'With `message`: whether the fields of syslog itself go to the envelope, or stand in the record beside those of the message, where they win over fields of the same name.',
  }),
})

/**
 * Syslog messages by RFC 5424 and RFC 3164. Both give the same fields: priority, facility, severity, timestamp, hostname,
 * appname, procid, msgid, structured, sequence, message; those that a text lacks are absent.
 */
export const syslog = defineParser({
  name: 'syslog',
  summary:
    'Syslog messages, RFC 5424 and RFC 3164 as devices really send it; the message may go on to a further parser.',
  options,
  framing: () => 'lines',
  gate: () => isSyslog,
  usesFields: (given) => given.message !== undefined && usesFields(given.message),
  compile(given, fields): ParseText {
    const wanted = given.app === undefined ? undefined : [given.app].flat().map(compileGlob)
    const inner = given.message && compileUse(given.message, fields)
    return (text, context) => {
      const read = context.once ? context.once(readSyslog, text) : readSyslog(text)
      if ('failure' in read) return read
      const app = read.fields.appname ?? ''
      if (wanted && !wanted.some((matches) => matches(app)))
        return { failure: `a message of another program ("${app}")` }
      if (!inner) return [{ data: { ...read.fields, message: read.message } }]
      const found = inner(read.message, context.once ? { ...alone, once: context.once } : alone)
      if ('failure' in found) return { failure: `message: ${found.failure}` }
      // What was read is shared with other parsers.
      const head: Record<string, unknown> =
        given.head === 'record' ? { ...read.fields, message: read.message } : read.fields
      return found.map((result) => {
        if (failed(result)) return result
        if (given.head === 'envelope') return { data: result.data, envelope: { ...head, ...result.envelope } }
        return { ...result, data: { ...result.data, ...head } }
      })
    }
  },
})

/** Reading the head is work that all share. */
const isSyslog: Gate = {
  name: 'syslog',
  passes: (text, { once }) => !('failure' in (once ? once(readSyslog, text) : readSyslog(text))),
}
