import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  isCollection,
  isMap,
  isNode,
  isSeq,
  parseDocument,
  visit,
} from 'yaml'
import { CodedError, type Place, Problems } from '../core/errors.ts'

/** A YAML file as plain data, with a way back to where each value stands. */
export interface YamlFile {
  readonly value: unknown
  /** Place of the value at `path`, or of the nearest thing around it that is there. `key`: of its key instead. */
  place(path: readonly PropertyKey[], key?: boolean): Place
}

/** A file that could be read, if not without fault. */
export interface ParsedYaml extends YamlFile {
  /** Faults that leave the rest readable: names that stand twice, or cannot be names. */
  readonly problems: readonly CodedError[]
}

/** Parses YAML 1.2. Throws Problems with every syntax error (CONFIG_SYNTAX) when one of them leaves the rest in doubt; `file` is the name shown in places. */
export function parseYaml(text: string, file: string): ParsedYaml {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const problems = document.errors.map((error) => {
    const what =
      error.code === 'DUPLICATE_KEY' ? `"${nameAt(text, error.pos[0])}" stands twice in the same place` : error.message
    return new CodedError('CONFIG_SYNTAX', `${what}.`, { place: placeAt(error.pos[0]) })
  })
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) throw new Problems(problems)
  visit(document, {
    Pair(_, pair) {
      // Objects have a property of this name, so what it names would vanish without a word.
      if (keyOf(pair) !== '__proto__') return
      const place = placeAt(startOf(pair.key) ?? 0)
      problems.push(new CodedError('CONFIG_INVALID', '"__proto__" cannot be a name.', { place }))
    },
  })
  try {
    return { value: document.toJS(), problems, place: (path, key = false) => placeAt(offsetOf(document, path, key)) }
  } catch (error) {
    throw new CodedError('CONFIG_SYNTAX', `The YAML cannot be read: ${String(error)}`, { place: { file } })
  }
}

/** The name that begins at an offset. */
const nameAt = (text: string, offset: number) => /^[^:\r\n]*/.exec(text.slice(offset, offset + 100))![0].trim()

function offsetOf(document: Document, path: readonly PropertyKey[], key: boolean): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [index, step] of path.entries()) {
    if (!isCollection(node)) break
    const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(step)) : undefined
    const next = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined
    const wanted =
      key && index === path.length - 1 ? (startOf(pair?.key) ?? startOf(next)) : (startOf(next) ?? startOf(pair?.key))
    if (wanted === undefined) break
    offset = wanted
    node = next
  }
  return offset
}

const keyOf = (pair: Pair): string => String(isNode(pair.key) ? pair.key.toJSON() : pair.key)
const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined)
