import { compareSchemas } from '../core/classify/candidate.ts'
import { unwrap } from '../core/fields/compile.ts'
import { type Draft, toSchema } from './schema.ts'

/**
 * Names of the schemas that must refuse records with further fields. The predecessor refused them everywhere, so that a
 * vendor's new field broke a source; here they are kept, save where nothing else tells a schema from another one of the
 * same source that is tried after it.
 */
export function strictNames(drafts: readonly Draft[], sources: readonly (readonly string[])[]): ReadonlySet<string> {
  const schemas = new Map(drafts.map((draft) => [draft, toSchema(draft)]))
  const isAfter = (one: Draft, other: Draft) => compareSchemas(schemas.get(one)!, schemas.get(other)!) > 0
  const found = new Set<string>()
  for (const names of sources) {
    const candidates = drafts.filter(({ options }) => names.includes(options.name))
    for (const draft of candidates)
      if (candidates.some((other) => other !== draft && !isAfter(draft, other) && wouldTake(draft, other)))
        found.add(draft.options.name)
  }
  return found
}

/** Whether `draft`, tried first, would take records that are the other's if it kept further fields. */
function wouldTake(draft: Draft, other: Draft): boolean {
  const names = namesSeen(draft, other)
  const { fields } = draft.options
  const required = Object.keys(fields).filter((name) => !unwrap(fields[name]!).optional)
  return (
    names.some((name) => !Object.hasOwn(fields, name)) &&
    required.every((name) => names.includes(name)) &&
    !patternsExclude(draft, other)
  )
}

/** The names of the fields that `draft` finds at the root of what is the other's; none when it reads no record there. */
function namesSeen(draft: Draft, other: Draft): readonly string[] {
  const { parser, options } = draft.parse
  if (parser === 'csv' || options['each'] !== undefined) return []
  if (JSON.stringify(draft.parse) === JSON.stringify(other.parse)) return Object.keys(other.options.fields)
  const whole = parser === 'json' && options['path'] === undefined && options['field'] === undefined
  if (!whole || other.parse.parser !== 'json') return []
  const { path, field } = other.parse.options as { path?: string; field?: string }
  const own = path === undefined && field === undefined ? Object.keys(other.options.fields) : []
  const root = path?.split(/[.[]/, 1)[0] ?? field
  return [...Object.keys(other.options.envelope ?? {}), ...own, ...(root === undefined ? [] : [root])]
}

/** True when some field must have one of these texts for the one, and one of quite other texts for the other. */
function patternsExclude(draft: Draft, other: Draft): boolean {
  return Object.entries(draft.options.patterns ?? {}).some(([path, globs]) => {
    const others = other.options.patterns?.[path]
    if (others === undefined) return false
    const all = [globs, others].flat(2)
    return !all.some((glob) => /[*?[\\]/.test(glob)) && ![globs].flat().some((glob) => others.includes(glob))
  })
}
