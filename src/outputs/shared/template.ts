import { compilePath, own, type Path } from '../../core/paths.ts'
import type { Publication } from '../../core/publish.ts'
import { messageOf } from '../../core/errors.ts'
import { jsonOf } from './cut.ts'

/** What a template makes of a publication: plain data. */
export type Template = (publication: Publication) => unknown

const placeholder = /\{\{\s*(.*?)\s*\}\}/g
const whole = /^\{\{\s*(.*?)\s*\}\}$/

/**
 * Compiles plain data whose texts hold placeholders, `{{title}}` or `{{record.user.name}}`: paths into the publication.
 *
 * A text that is one placeholder becomes the value itself, whatever its type; null where there is none. In a longer text a value
 * stands as text (an object or a list as JSON), nothing where there is none. Values fill a structure that is made into JSON afterwards: no
 * value can break out of its place. Keys of objects are taken as they are. Throws an Error that names what is no path.
 */
export function compileTemplate(template: unknown): Template {
  if (typeof template === 'string') return compileText(template)
  if (typeof template !== 'object' || template === null) return () => template
  if (Array.isArray(template)) {
    const items = template.map(compileTemplate)
    return (publication) => items.map((item) => item(publication))
  }
  const entries = Object.entries(template).map(([key, value]) => [key, compileTemplate(value)] as const)
  return (publication) => Object.fromEntries(entries.map(([key, value]) => [key, value(publication)]))
}

/** Everything that is wrong with a template. */
export function faultsOf(template: unknown): readonly string[] {
  if (typeof template === 'object' && template !== null) return Object.values(template).flatMap(faultsOf)
  try {
    compileTemplate(template)
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

function compileText(text: string): Template {
  const only = whole.exec(text)?.[1]
  if (only !== undefined && !only.includes('{{')) {
    const find = lookup(only)
    return (publication) => find(publication) ?? null
  }
  const parts = text.split(placeholder)
  const finds = parts.map((part, n) => (n % 2 === 0 ? part : lookup(part)))
  if (finds.length === 1) return () => text
  return (publication) => finds.map((part) => (typeof part === 'string' ? part : textOf(part(publication)))).join('')
}

/** Finds what a path leads to. Names such as `@slack.text`, with a dot in them, are found as they are. */
function lookup(text: string): Template {
  const path = pathOf(text)
  return (publication) => own(publication, text) ?? path.first(publication)
}

function pathOf(text: string): Path {
  try {
    return compilePath(text)
  } catch {
    throw new Error(`"{{${text}}}" holds no path: write {{title}} or {{record.user.name}}`)
  }
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : jsonOf(value)
}
