import type { NormalisePath, Schema } from '../core/contracts/index.ts'
import type { Fields } from '../core/fields/spec.ts'
import { checkPath } from '../project/field-path.ts'
import type { Note } from './fields.ts'
import type { OldNormalisation } from './forms.ts'
import { objectOf } from './patterns.ts'
import { envelopeKey, pathOf } from './paths.ts'

type Normalise = Record<string, readonly NormalisePath[]>
type OldCondition = NonNullable<Exclude<OldNormalisation[number], string>['condition']>

/** Converts `normalization`: semantic name → one path, or several with conditions. */
export function convertNormalisation(
  given: Readonly<Record<string, OldNormalisation>>,
  { fields, envelope }: Pick<Schema, 'fields' | 'envelope'>,
  note: Note,
): Normalise {
  const known = (steps: readonly string[]) =>
    steps[0] === envelopeKey
      ? checkPath(envelope ?? {}, pathOf(steps.slice(1))).ok
      : checkPath(fields, pathOf(steps)).ok
  const found = Object.entries(given).map(([type, entries]): [string, NormalisePath[]] => {
    const steps = entries.filter((entry) => typeof entry === 'string')
    const several = steps.length > 0 ? [{ path: steps }] : entries.filter((entry) => typeof entry !== 'string')
    const paths = several.flatMap((entry): NormalisePath[] => {
      if (!known(entry.path)) {
        note(`normalization: \`${type}\` named \`${entry.path.join('.')}\`, which is no field; left out`)
        return []
      }
      const when = 'condition' in entry && entry.condition ? convertCondition(type, entry.condition, note) : undefined
      return [{ path: pathOf(entry.path), ...(when && { when }) }]
    })
    return [type, paths]
  })
  return Object.fromEntries(found.filter(([, paths]) => paths.length > 0))
}

const comparisons = ['is', 'is_not', 'in', 'not_in', 'contains', 'not_contains'] as const
const ours = {
  is: 'is',
  is_not: 'not',
  in: 'is',
  not_in: 'not',
  contains: 'contains',
  not_contains: 'notContains',
} as const satisfies Record<(typeof comparisons)[number], string>

/** Of several comparisons the first counted, in this order. */
function convertCondition(type: string, given: OldCondition, note: Note): NormalisePath['when'] {
  const path = pathOf(given.path)
  const present = comparisons.filter((comparison) => given[comparison])
  const [first, ...others] = present
  const where = `normalization: \`${type}\``
  if (first === undefined) {
    note(`${where} has a condition that compares nothing, and never held; left out`)
    return undefined
  }
  if (others.length > 0) note(`${where}: of its comparisons only \`${first}\` counted; left out ${others.join(', ')}`)
  const value = given[first]!
  if ([value].flat().some((text) => text !== text.toLowerCase()))
    note(`${where}: a condition in upper case compared with texts in lower case; now case does not count`)
  return { path, [ours[first]]: value }
}

/** The first normalisation (`normalized_types.json`): names of keys, wherever they stand, for all log types of a vendor. */
export function convertFirstNormalisation(
  given: Readonly<Record<string, readonly string[]>>,
  fields: Fields,
): Normalise {
  const found = new Map<string, NormalisePath[]>()
  for (const [type, names] of Object.entries(given)) {
    const paths = placesOf(fields, new Set(names)).map((steps) => ({ path: pathOf(steps) }))
    const ours = semanticNames.get(type) ?? type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (paths.length > 0) found.set(ours, [...(found.get(ours) ?? []), ...paths])
  }
  return Object.fromEntries(found)
}

/** Names that the built-in schemas use, for those that the predecessor shipped. */
const semanticNames: ReadonlyMap<string, string> = new Map([
  ['sourceAddress', 'source_ip'],
  ['sourcePort', 'source_port'],
  ['destinationAddress', 'destination_ip'],
  ['destinationPort', 'destination_port'],
  ['destinationDomain', 'domain'],
  ['transportProtocol', 'protocol'],
  ['userName', 'user'],
  ['sourceUserId', 'user_id'],
  ['sourceAccount', 'account'],
  ['processName', 'process'],
  ['fileName', 'file_path'],
])

function placesOf(fields: Fields, names: ReadonlySet<string>): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const inner = objectOf(field)
    if (inner) return placesOf(inner, names).map((rest) => [name, ...rest])
    return names.has(name) ? [[name]] : []
  })
}
