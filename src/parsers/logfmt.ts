import { z } from 'zod'
import { defineParser } from '../core/parser.ts'
import { compilePairs } from './shared/pairs.ts'

const escapes = /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))/gs
const controls = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
])

/** The escapes of Go's `strconv.Quote`, with which the common writers quote (https://pkg.go.dev/strconv#Quote). */
const unescape = (text: string): string =>
  text.replace(escapes, (_, unit?: string, byte?: string, char = '') => {
    const code = unit ?? byte
    return code === undefined ? (controls.get(char) ?? char) : String.fromCharCode(Number.parseInt(code, 16))
  })

/**
 * logfmt (https://pkg.go.dev/github.com/kr/logfmt, https://brandur.org/logfmt): `key=value key="quoted value" flag`. A word
 * alone is a field that is true; `key=` is an empty text; a repeated key gives a list.
 */
export const logfmt = defineParser({
  name: 'logfmt',
  summary: 'logfmt: pairs of keys and values with Go quoting, words alone are true.',
  options: z.strictObject({}),
  framing: () => 'lines',
  compile: () => compilePairs({ pairs: ' ', separator: '=', quotes: '"', repeated: 'list', words: 'flag', unescape }),
})
