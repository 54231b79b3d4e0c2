import { type Code, CodedError, messageOf } from '../core/errors.ts'
import { type YamlFile, parseYaml } from './yaml.ts'

/** Reads JSON as `parseYaml` reads YAML: plain data and its places. Throws `code` with the place where it stops being JSON. */
export function parseJsonFile(text: string, file: string, code: Code): YamlFile {
  const json = text.replace(/^\uFEFF/, '')
  const value = parse(json, file, code)
  let places: YamlFile['place'] | undefined
  // Places cost ten times what the values do, and only faults need them.
  return { value, place: (path, key) => (places ??= placesIn(json, file))(path, key) }
}

/** JSON is YAML, which has positions; where that does not hold (tabs in odd places), the file alone is named. */
function placesIn(json: string, file: string): YamlFile['place'] {
  try {
    return parseYaml(json, file).place
  } catch {
    return () => ({ file })
  }
}

function parse(text: string, file: string, code: Code): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const before = text.slice(0, faultOffset(text)).split('\n')
    const place = { file, line: before.length, column: before.at(-1)!.length + 1 }
    throw new CodedError(code, `It is not valid JSON: ${messageOf(error)}`, { place })
  }
}

/** Where a text stops being JSON: after the longest beginning that could still become some. */
function faultOffset(text: string): number {
  let [good, bad] = [0, text.length]
  while (good < bad) {
    const middle = Math.ceil((good + bad) / 2)
    if (mayGoOn(text.slice(0, middle))) good = middle
    else bad = middle - 1
  }
  return good
}

function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = messageOf(error)
    const at = /at position (\d+)/.exec(message)?.[1]
    return Number(at ?? -1) >= text.length || /Unexpected end|Unterminated string/.test(message)
  }
}
