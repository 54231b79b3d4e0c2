import type { Alert } from '../../core/contracts/index.ts'
import { hidden, type Mask } from './mask.ts'

/** A field as a person reads it. */
export interface ShownField {
  readonly label: string
  readonly value: string
}

interface Leaf {
  readonly path: string
  readonly text: string
}

const most = 8
const longestValue = 160

/**
 * The few fields that tell a person what happened: the keys of a merged alert, then what the rule's author chose
 * (`context`), or else what stands out in the record: values that its schema gives a meaning, then short ones.
 * For an update: where the records differ.
 */
export function tellingFields(alert: Alert, mask: Mask): ShownField[] {
  const { mergedFrom, context, record } = alert
  const by = leavesOf(mergedFrom?.by ?? {})
  if (alert.updates !== undefined && mergedFrom) return labelled([...by, ...differing(mergedFrom.differences)], mask)
  const chosen = leavesOf(context)
  const told = chosen.length > 0 ? chosen : standingOut(leavesOf(record.data), new Set(normalisedValues(alert)))
  return labelled([...by, ...told], mask)
}

function differing(differences: Readonly<Record<string, readonly unknown[]>>): Leaf[] {
  return Object.entries(differences)
    .filter(([path]) => !noisy.test(path))
    .map(([path, values]) => {
      const shown = values.slice(0, 4).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      return { path, text: shown.join(', ') + (values.length > 4 ? `, and ${values.length - 4} more` : '') }
    })
}

const normalisedValues = ({ record }: Alert) => Object.values(record.normalised ?? {}).flat()

/** Names and values of times and identifiers, which seldom tell a person anything. */
const noisy =
  /(?:(?:^|[._])id|Id|ID|uuid|guid|[Tt]ime|[Tt]imestamp|[Dd]ate|[Vv]ersion|epoch|counter|[Tt]oken|[Hh]ash|etag|numerics)$/
const noise = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|\d{4}-\d\d-\d\dT.*|\d{9,})$/i

function standingOut(leaves: readonly Leaf[], meaning: ReadonlySet<string>): Leaf[] {
  const meant = leaves.filter(({ path, text }) => meaning.has(text) && !noisy.test(path) && !noise.test(text))
  const short = leaves.filter(
    ({ path, text }) => !meaning.has(text) && text.length <= 60 && !noisy.test(path) && !noise.test(text),
  )
  const seen = new Set<string>()
  return [...meant, ...short].filter(({ text }) => !seen.has(text) && seen.add(text))
}

function labelled(leaves: readonly Leaf[], mask: Mask): ShownField[] {
  const shown = [...new Map(leaves.map((leaf) => [leaf.path, leaf])).values()].slice(0, most)
  const names = shown.map(({ path }) => lastName(path))
  return shown.map(({ path, text }, index) => {
    const name = names[index] ?? path
    const unique = names.indexOf(name) === names.lastIndexOf(name)
    return { label: unique ? name : path, value: mask.covers(path) ? hidden : mask.text(text.slice(0, longestValue)) }
  })
}

const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1)

/** Bounds on the walk: a record may have any number of fields at any depth. */
const deepest = 4
const widest = 300

/** Scalars that are not empty, and short lists of them, with their paths; in the order of the record. */
function leavesOf(data: Readonly<Record<string, unknown>>): Leaf[] {
  const found: Leaf[] = []
  const visit = (value: unknown, path: string, depth: number): void => {
    if (found.length >= widest || value === null || value === undefined || value === '') return
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      found.push({ path, text: `${value}` })
    } else if (Array.isArray(value)) {
      const scalars = value.slice(0, 5).filter((one) => one !== null && typeof one !== 'object')
      if (scalars.length === 0) for (const one of value.slice(0, 1)) visit(one, path, depth + 1)
      else found.push({ path, text: scalars.join(', ') + (value.length > scalars.length ? ', …' : '') })
    } else if (typeof value === 'object' && depth < deepest) {
      for (const [name, inner] of Object.entries(value)) visit(inner, path === '' ? name : `${path}.${name}`, depth + 1)
    }
  }
  visit(data, '', 0)
  return found
}
