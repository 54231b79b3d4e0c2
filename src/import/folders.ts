import { settings } from './forms.ts'
import { type Files, readFile } from './read.ts'

/** Where the predecessor's code lies, relative to its folder. */
export interface Folders {
  /** Rules and their test events. */
  readonly rules: readonly string[]
  /** Everything in Python, the rules too. */
  readonly code: readonly string[]
}

/** As `general` of `global.json` names them; its faults are told where the file itself is converted. */
export function foldersOf(files: Files): Folders {
  const general = readFile(files, 'conf/global.json', settings, [])?.value['general'] ?? {}
  const named = (option: string, otherwise: string): string[] => {
    const given: unknown = Object.entries(general).find(([name]) => name === option)?.[1]
    const folders = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : []
    return folders.length > 0 ? folders.map((folder) => folder.replace(/^\.\/|\/+$/g, '')) : [otherwise]
  }
  const rules = named('rule_locations', 'rules')
  const others = [
    named('matcher_locations', 'matchers'),
    named('publisher_locations', 'publishers'),
    named('scheduled_query_locations', 'scheduled_queries'),
  ]
  return { rules, code: [...new Set([...rules, ...others.flat()])] }
}

/** Paths of the files in folders with this ending, each once, sorted. */
export const filesIn = (files: Files, folders: readonly string[], ending: string): string[] =>
  [...files.keys()]
    .filter((file) => file.endsWith(ending) && folders.some((folder) => file.startsWith(`${folder}/`)))
    .toSorted()
