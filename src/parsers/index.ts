import type { Parser } from '../core/contracts/index.ts'
import { cef } from './cef.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { keyValue } from './key-value.ts'
import { leef } from './leef.ts'
import { logfmt } from './logfmt.ts'
import { pattern } from './pattern/index.ts'
import { syslog } from './syslog/index.ts'
import { w3c } from './w3c.ts'

export { cef, csv, json, keyValue, leef, logfmt, pattern, syslog, w3c }

/** Every built-in parser. */
export const parsers: readonly Parser[] = [cef, csv, json, keyValue, leef, logfmt, pattern, syslog, w3c].map(
  (kind) => kind.parser as Parser,
)
