import type { QuarantineEntry, QuarantineGroup, QuarantineQuery } from '../../core/contracts/index.ts'

const schemaOf = (entry: QuarantineEntry) => entry.nearest?.schema ?? entry.schema

/** True for an entry that a query asks for. */
export const isAskedFor =
  (query: QuarantineQuery) =>
  (entry: QuarantineEntry): boolean =>
    (query.id === undefined || entry.id === query.id || (query.id.length >= 4 && entry.id.startsWith(query.id))) &&
    (query.ids === undefined || query.ids.includes(entry.id)) &&
    (query.kind === undefined || entry.kind === query.kind) &&
    (query.reason === undefined || entry.reason === query.reason) &&
    (query.schema === undefined || schemaOf(entry) === query.schema) &&
    (query.rule === undefined || entry.rule === query.rule)

/** The largest first, each with its newest entry. */
export function groupEntries(entries: readonly QuarantineEntry[]): QuarantineGroup[] {
  const about = (entry: QuarantineEntry) => entry.rule ?? entry.nearest?.schema
  const groups = Map.groupBy(entries, (entry) => JSON.stringify([entry.kind, entry.reason, about(entry)]))
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => {
      const sample = group.at(-1)!
      const subject = about(sample)
      const { kind, reason } = sample
      return { kind, reason, ...(subject !== undefined && { about: subject }), count: group.length, sample }
    })
    .sort((one, other) => other.count - one.count)
}
