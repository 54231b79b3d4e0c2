import { isDeepStrictEqual } from 'node:util'
import { type Document, isCollection, isMap, isNode, isPair, isScalar, parseDocument, stringify, YAMLMap } from 'yaml'
import { CodedError } from '../core/errors.ts'

/** A value deep within a mapping: its keys from the top. */
type Path = readonly [string, ...string[]]

/**
 * The text of a YAML file with one more entry at `path`, such as `outputs` → `slack` → `security`. Sections that are missing are
 * made. Every line that is there stays as it is; only where a section above it is written in braces, the file is written anew,
 * with its remarks.
 * Throws CONFIG_INVALID when there is something at `path`, or something other than a mapping above it.
 */
export function addToYaml(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text)
  const expected = withEntry(document.toJS() as unknown, path, value)
  const lines = insertLines(text, document, path, value)
  if (lines !== undefined && reads(lines, expected)) return lines
  setIn(document, path, value)
  const whole = document.toString({ lineWidth: 0 })
  if (reads(whole, expected)) return whole
  throw new CodedError('CONFIG_INVALID', `${path.join('.')} cannot be added to this file.`, {
    hint: `Write it yourself:\n${stringify(nested(path, value))}`,
  })
}

function reads(text: string, expected: unknown): boolean {
  const document = parseDocument(text)
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), expected)
}

const nested = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner: unknown, key) => ({ [key]: inner }), value)

function withEntry(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (whole !== null && whole !== undefined && (typeof whole !== 'object' || Array.isArray(whole))) {
    throw new CodedError('CONFIG_INVALID', `There is no mapping where "${key}" belongs.`)
  }
  const now: Record<string, unknown> = { ...whole }
  const [next, ...others] = rest
  if (next === undefined && Object.hasOwn(now, key))
    throw new CodedError('CONFIG_INVALID', `There is "${key}" already.`)
  return { ...now, [key]: next === undefined ? value : withEntry(now[key], [next, ...others], value) }
}

/** Undefined: a section above it is not written as lines. */
function insertLines(text: string, document: Document, path: Path, value: unknown): string | undefined {
  let map: unknown = document.contents
  if (map === null) return insertAt(text, text.length, '', nested(path, value))
  for (const [depth, key] of path.entries()) {
    if (!isMap(map) || map.flow || map.items.length === 0) return undefined
    const indent = indentOf(text, map)
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (!pair) return insertAt(text, endOf(map) ?? text.length, indent, nested(path.slice(depth), value))
    if (pair.value === null || (isScalar(pair.value) && pair.value.value === null && pair.value.source === '')) {
      return insertAt(text, endOf(pair.key) ?? text.length, `${indent}  `, nested(path.slice(depth + 1), value))
    }
    map = pair.value
  }
  return undefined
}

/** The spaces before the first key of a mapping. */
function indentOf(text: string, map: YAMLMap): string {
  const [first] = map.items
  const start = isNode(first?.key) ? (first.key.range?.[0] ?? 0) : 0
  return /[ ]*$/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))![0]
}

/** Where the last thing within a node ends. */
function endOf(node: unknown): number | undefined {
  if (isCollection(node)) {
    const last: unknown = node.items.at(-1)
    return (isPair(last) ? (endOf(last.value) ?? endOf(last.key)) : endOf(last)) ?? node.range?.[1]
  }
  if (!isNode(node) || !node.range || node.range[0] === node.range[1]) return undefined
  return node.range[1]
}

/** Adds lines after the line that holds `offset`. */
function insertAt(text: string, offset: number, indent: string, entry: unknown): string {
  const feed = text.includes('\r\n') ? '\r\n' : '\n'
  const lineEnd = text[offset - 1] === '\n' ? offset : text.indexOf('\n', offset) + 1
  const at = lineEnd === 0 ? text.length : lineEnd
  const before = text.slice(0, at)
  const lines = stringify(entry, { lineWidth: 0, singleQuote: true })
    .trimEnd()
    .split('\n')
    .map((line) => indent + line + feed)
  return `${before}${before === '' || before.endsWith('\n') ? '' : feed}${lines.join('')}${text.slice(at)}`
}

/** Through the document: keeps comments, and writes sections in braces anew. */
function setIn(document: Document, path: Path, value: unknown): void {
  for (const depth of path.slice(0, -1).keys()) {
    const above = path.slice(0, depth + 1)
    if (!isMap(document.getIn(above, true))) document.setIn(above, new YAMLMap())
  }
  document.setIn(path, document.createNode(value))
}
