import type { Parser } from '../core/contracts/index.ts'
import { csv } from './csv.ts'
import { json } from './json.ts'
import { keyValue } from './key-value.ts'
import { syslog } from './syslog/index.ts'

export { csv, json, keyValue, syslog }

/** Every built-in parser. */
export const parsers: readonly Parser[] = [csv, json, keyValue, syslog].map((kind) => kind.parser as Parser)
