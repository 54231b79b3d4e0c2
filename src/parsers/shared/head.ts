import { readSyslog } from '../syslog/read.ts'

/** What stood before a CEF or LEEF event: the fields of a syslog head, or the text itself where it is none. */
export function readHead(text: string): Record<string, unknown> | undefined {
  const head = text.trim()
  if (head === '') return undefined
  const read = readSyslog(head)
  if ('failure' in read) return { prefix: head }
  return read.message === '' ? { ...read.fields } : { ...read.fields, prefix: read.message }
}

/** Cuts `count` fields off a header at pipes that no backslash precedes; undefined when there are fewer. */
export function readHeader(text: string, from: number, count: number): { fields: string[]; end: number } | undefined {
  const fields: string[] = []
  let start = from
  for (let at = from; fields.length < count; at++) {
    if (at >= text.length) return undefined
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 124) {
      const raw = text.slice(start, at)
      fields.push(raw.includes('\\') ? raw.replace(/\\([\\|])/g, '$1') : raw)
      start = at + 1
    }
  }
  return { fields, end: start }
}
