import type { Message, Severity } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import type { Publication } from '../../core/publish.ts'

/** What is said of an alert to people, from its publication; what a publisher took away is not said. */
export interface Words {
  /** One line: the publication's title, else the rule's name. */
  readonly title: string
  readonly description: string
  /** Label and value, in order. */
  readonly facts: readonly (readonly [string, string])[]
  readonly record: Readonly<Record<string, unknown>> | undefined
  /** For an update: how many records there are, what they have in common and where they differ. */
  readonly changes: Readonly<Record<string, unknown>> | undefined
}

export function wordsOf({ alert, publication }: Message): Words {
  const { title, description, record, mergedFrom } = publication
  const merged = isPlainObject(mergedFrom) ? mergedFrom : undefined
  return {
    title: oneLine(textIn(title) ?? alert.rule),
    description: textIn(description) ?? '',
    facts: [
      ['Rule', alert.rule],
      ['Severity', alert.severity],
      ...facts(publication, [
        ['Cluster', 'cluster'],
        ['Source', 'source'],
        ['Schema', 'schema'],
        ['Time', 'time'],
      ]),
      ...facts(merged ?? {}, [
        ['Records', 'count'],
        ['First', 'first'],
        ['Last', 'last'],
      ]),
      ['Alert', alert.updates ?? alert.id],
    ],
    record: isPlainObject(record) ? record : undefined,
    changes: alert.updates === undefined || !merged ? undefined : without(merged, 'records'),
  }
}

function facts(values: Publication, labels: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return labels.flatMap(([label, key]) => {
    const value = values[key]
    return typeof value === 'number' || (typeof value === 'string' && value !== '') ? [[label, String(value)]] : []
  })
}

function without(values: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key))
}

const textIn = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** Titles are shown in lists, and some vendors refuse those of several lines. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** What publishers say to one vendor: the keys `@<kind>.<name>` of a publication. One of another type than asked for is not there. */
export interface Overrides {
  readonly text: (name: string) => string | undefined
  readonly list: (name: string) => readonly unknown[] | undefined
  readonly object: (name: string) => Readonly<Record<string, unknown>> | undefined
  readonly any: (name: string) => unknown
}

export function overridesOf(publication: Publication, kind: string): Overrides {
  const any = (name: string) => {
    const key = `@${kind}.${name}`
    return Object.hasOwn(publication, key) ? publication[key] : undefined
  }
  return {
    any,
    text: (name) => textIn(any(name)),
    list: (name) => {
      const value = any(name)
      return Array.isArray(value) ? value : undefined
    },
    object: (name) => {
      const value = any(name)
      return isPlainObject(value) ? value : undefined
    },
  }
}

/** The incident an alert belongs to: its own, or that of the alert it updates. A repeat is the same incident. */
export const incidentId = ({ alert }: Message): string => alert.updates ?? alert.id

/** A field of an answer: text, or a number as text. Undefined where there is none; the far end is not trusted to answer well. */
export function field(answer: unknown, ...path: readonly (string | number)[]): string | undefined {
  let value = answer
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string | number, unknown>)[key]
  }
  return typeof value === 'number' ? String(value) : textIn(value)
}

/** Colours of severities that screens show well, as numbers 0xRRGGBB. */
export const colours: Readonly<Record<Severity, number>> = {
  info: 0x6b7280,
  low: 0x2563eb,
  medium: 0xd97706,
  high: 0xdc2626,
  critical: 0x7f1d1d,
}
