import type { Publisher } from '../core/contracts/index.ts'
import type { Publication } from '../core/publish.ts'
import { definePublisher } from '../core/publisher.ts'
import { mapValues, withoutKeys } from './values.ts'

/** Drops everything: a chain that says only what its later publishers add begins with it. */
export const blank = definePublisher({
  name: 'blank',
  description: 'Begins with nothing.',
  publish: () => ({}),
})

/** Puts the fields of the record back, where one before has dropped them. */
export const record = definePublisher({
  name: 'record',
  description: "Adds the record's fields.",
  publish: (alert, publication) => ({ ...publication, record: alert.record.data }),
})

const internal = ['outputs', 'staged', 'position', 'recordId', 'envelope', 'normalised'] as const

/** For people: leaves out what only the engine and its tools need. */
export const withoutInternals = definePublisher({
  name: 'without-internals',
  description: 'Leaves out outputs, positions, ids of records, normalised values and the like.',
  publish: (_, publication) => Object.fromEntries(Object.entries(publication).filter(([key]) => !isInternal(key))),
})

const isInternal = (key: string) => internal.some((name) => name === key)

/** Leaves out the fields of these names wherever they stand, also within the record. A name may be a pattern. */
export const withoutFields = (...names: readonly (string | RegExp)[]): Publisher =>
  definePublisher({
    name: `without-fields(${names.map(String).join(',')})`,
    description: `Leaves out fields: ${names.map(String).join(', ')}.`,
    publish: (_, publication) =>
      withoutKeys(publication, (key) =>
        names.some((name) => (typeof name === 'string' ? name === key : name.test(key))),
      ),
  })

/** Adds, for each name, the list of all values that fields of this name have in the record, at any depth. */
export const withFields = (...names: readonly string[]): Publisher =>
  definePublisher({
    name: `with-fields(${names.join(',')})`,
    description: `Adds the values that the record holds under ${names.join(', ')}.`,
    publish: (alert, publication) => ({ ...publication, ...valuesUnder(names, alert.record.data) }),
  })

function valuesUnder(names: readonly string[], data: unknown): Publication {
  const found = new Map<string, unknown[]>(names.map((name) => [name, []]))
  mapValues(data, (value, path) => {
    const key = path.at(-1)
    if (typeof key === 'string') found.get(key)?.push(value)
    return value
  })
  return Object.fromEntries(found)
}

/** One level of keys, such as `record.columns.pid` and `record.tags[0]`: for outputs that show a flat table. */
export const flat = definePublisher({
  name: 'flat',
  description: 'Puts every value on one level, under its whole path.',
  publish(_, publication) {
    const paths: [string, unknown][] = []
    mapValues(publication, (value, path) => {
      const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0
      if (isLeaf)
        paths.push([
          path
            .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
            .join('')
            .slice(1),
          value,
        ])
      return value
    })
    return Object.fromEntries(paths)
  },
})

/** Lists of plain values as one line of text: for outputs that show lists badly. */
export const listsAsText = definePublisher({
  name: 'lists-as-text',
  description: 'Writes lists of plain values as text: a, b, c.',
  publish: (_, publication) =>
    mapValues(publication, (value) =>
      Array.isArray(value) && value.every((item) => typeof item !== 'object') ? value.join(', ') : value,
    ) as Publication,
})
