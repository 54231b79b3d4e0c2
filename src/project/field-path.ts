import type { Field, Fields } from '../core/fields/spec.ts'
import { isWrapper } from '../core/fields/spec.ts'
import { nearestName } from '../core/nearest.ts'

/** Steps of `a.b`, `a[].b`, `a['x.y']`. */
export function pathSteps(path: string): string[] {
  return [...path.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[\d*\]|([^.[\]]+)/g)]
    .map(([, single, double, plain]) => single ?? double ?? plain)
    .filter((step) => step !== undefined)
}

/** Whether fields have a path; if not, the first step that is wrong, and the field that was probably meant. */
export function checkPath(fields: Fields, path: string): { readonly ok: boolean; readonly meant?: string } {
  const steps = pathSteps(path)
  let field: Field = fields
  for (const [index, step] of steps.entries()) {
    const next = inside(field, step)
    if (next === undefined) {
      const meant = nearestName(step, namesIn(field))
      return meant === undefined ? { ok: false } : { ok: false, meant: steps.with(index, meant).join('.') }
    }
    field = next
  }
  return { ok: steps.length > 0 }
}

/** The field that a step leads to. Lists and wrappers are stepped through; a map has every key, JSON anything. */
function inside(field: Field, step: string): Field | undefined {
  if (typeof field === 'string') return field.startsWith('json') ? 'json' : undefined
  if (!isWrapper(field)) return Object.hasOwn(field, step) ? field[step] : undefined
  return field.kind === 'map' ? field.of : inside(field.of, step)
}

function namesIn(field: Field): string[] {
  if (typeof field === 'string') return []
  return isWrapper(field) ? namesIn(field.of) : Object.keys(field)
}
