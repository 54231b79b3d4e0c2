import type { Classified } from './candidate.ts'
import type { Framing, ParseContext, ParseFailure, Parsed, Schema } from '../contracts/index.ts'
import type { Code } from '../errors.ts'
import { holdsWord } from './gates.ts'
import { type Group, type Picked, compileGroups, isNearer } from './group.ts'
import { createShared } from './once.ts'

export type { Classified } from './candidate.ts'
export { selectSchemas } from './select.ts'

/** A record, or a whole text, that no schema took. */
export interface Unclassified {
  readonly reason: Code
  /** For people: what was expected, what was found. */
  readonly message: string
  /** The schema that came nearest, and its first failing field. */
  readonly nearest?: { readonly schema: string; readonly field?: string; readonly message: string }
  /** Where the record is one of several in a document: its own part, as a text that can be classified again. */
  readonly text?: string
}

/** Finds the schema of each record, among candidates. */
export interface Classifier {
  /** How the candidates' texts are found in a stream. */
  readonly framings: ReadonlySet<Framing>
  /** The parsers, each with its candidates, in the order in which they are tried. */
  readonly groups: readonly Group[]
  /**
   * One text → its records, in their order; an empty list when it holds none (a header, a comment). Never throws.
   * The text is parsed at most once for each distinct parser and options.
   */
  classify(text: string, context: ParseContext): readonly (Classified | Unclassified)[]
}

/**
 * Compiles schemas into a classifier. The order of `schemas` does not count: where several schemas take a record, the one
 * with the higher `priority` wins, then one that reads JSON, then the one that demands more (required fields and patterns),
 * then the one whose name comes first. A text that several parsers can read is read by the parser of the schema that so wins for any of its
 * records; the others are then classified among the schemas of that parser.
 * Throws SCHEMA_INVALID, PATTERN_INVALID.
 */
export function compileClassifier(schemas: readonly Schema[]): Classifier {
  const groups = compileGroups(schemas)
  const groupsFor = byBeginning(groups)
  const holdsAnyWord = holdsWord([...new Set(groups.flatMap(({ words }) => words ?? []))])
  const shared = createShared()
  let turn = 0
  let given: ParseContext | undefined
  let context: ParseContext = { first: false }
  return {
    groups,
    framings: new Set(schemas.map(({ parse }) => parse.parser.framing(parse.options))),
    classify(text, known) {
      // Callers have one context for many texts.
      if (known !== given) {
        given = known
        context = { ...known, once: shared.once }
      }
      turn++
      shared.forget()
      let best: Reading | undefined
      const tried: Tried[] = []
      let holdsAny: boolean | undefined
      for (const group of groupsFor(text)) {
        if (best && best.rank < group.rank) break
        if (group.words && !(holdsAny ??= holdsAnyWord(text))) continue
        if (group.gate && !group.gate(text, context, turn)) continue
        const parsed = lift(group.parse(text, context))
        tried.push({ group, parsed })
        if (!isFailure(parsed)) best = readBetter(group, parsed, best ? best.rank : none) ?? best
      }
      return best ? resultsOf(best) : refuse(groups, tried, text, context)
    },
  }
}

/** The rank of no candidate. */
const none = Number.POSITIVE_INFINITY

/** The groups that may read a text, by its first character, in the order of all. */
function byBeginning(groups: readonly Group[]): (text: string) => readonly Group[] {
  const known: (readonly Group[] | undefined)[] = []
  return (text) => {
    const code = text.charCodeAt(0)
    return code < 0x80 ? (known[code] ??= groups.filter((group) => group.begins(code))) : groups
  }
}

/** What came of a group's parser. */
interface Tried {
  readonly group: Group
  readonly parsed: ReturnType<Group['parse']>
}

/** What one group makes of a text. */
interface Reading {
  readonly group: Group
  readonly records: readonly (Parsed | ParseFailure)[]
  /** For each record, the candidate that takes it. */
  readonly picks: readonly (Picked | undefined)[]
  /** The best rank among them. */
  readonly rank: number
}

interface Failed {
  readonly group: Group
  readonly failure: ParseFailure
}

/** What is said of a text of which no schema takes a record. Gates are left aside: each parser says what it missed. */
function refuse(
  groups: readonly Group[],
  tried: readonly Tried[],
  text: string,
  context: ParseContext,
): readonly (Classified | Unclassified)[] {
  // A header or a comment, whatever else it may be.
  if (tried.some(({ parsed }) => !isFailure(parsed) && parsed.length === 0)) return []
  const known = new Map(tried.map(({ group, parsed }) => [group, parsed]))
  const readings: Reading[] = []
  const failures: Failed[] = []
  for (const group of groups) {
    const parsed = known.get(group) ?? lift(group.parse(text, context))
    if (isFailure(parsed)) failures.push({ group, failure: parsed })
    else readings.push(read(group, parsed))
  }
  const reading = nearestReading(readings)
  return reading ? resultsOf(reading) : [unparsable(failures)]
}

function resultsOf(reading: Reading): readonly (Classified | Unclassified)[] {
  const { records, picks } = reading
  if (records.length === 1) return [result(reading, records[0]!, picks[0])]
  return records.map((record, at) => result(reading, record, picks[at]))
}

/** Faster than `in`, which looks through what lists inherit. */
const isFailure = (found: readonly unknown[] | Parsed | ParseFailure): found is ParseFailure =>
  (found as Partial<ParseFailure>).failure !== undefined

/** A text whose only record cannot be read cannot be read itself: other parsers may say more. */
function lift(parsed: ReturnType<Group['parse']>): ReturnType<Group['parse']> {
  if (isFailure(parsed) || parsed.length !== 1) return parsed
  const only = parsed[0]!
  return isFailure(only) ? only : parsed
}

function read(group: Group, records: readonly (Parsed | ParseFailure)[]): Reading {
  let rank = none
  const picks: (Picked | undefined)[] = []
  for (const record of records) {
    const picked = isFailure(record) ? undefined : group.pick(record, none)
    if (picked && picked.candidate.rank < rank) rank = picked.candidate.rank
    picks.push(picked)
  }
  return { group, records, picks, rank }
}

/** The group's reading, if a candidate with a rank better than `below` takes one of the records. */
function readBetter(group: Group, records: readonly (Parsed | ParseFailure)[], below: number): Reading | undefined {
  for (const record of records) {
    const picked = isFailure(record) ? undefined : group.pick(record, below)
    if (!picked) continue
    return records.length === 1
      ? { group, records, picks: [picked], rank: picked.candidate.rank }
      : read(group, records)
  }
  return undefined
}

function result(
  { group, records }: Reading,
  record: Parsed | ParseFailure,
  picked: Picked | undefined,
): Classified | Unclassified {
  if (isFailure(record)) {
    return { ...unparsable([{ group, failure: record }]), ...(record.text && { text: record.text() }) }
  }
  if (picked) return picked.candidate.take(record, picked.verdict)
  const { candidate } = group.nearest(record)
  const { field, message } = candidate.fault(record)
  const { name } = candidate.schema
  return {
    reason: 'RECORD_NO_SCHEMA',
    message: `No schema takes it. Nearest is ${name}: ${field === '' ? 'it' : field} ${message}.`,
    nearest: { schema: name, ...(field !== '' && { field }), message },
    ...(records.length > 1 && { text: JSON.stringify({ ...record.envelope, ...record.data }) }),
  }
}

/** The reading that tells most about a text that nothing took: one without records has claimed it, else the nearest. */
function nearestReading(readings: readonly Reading[]): Reading | undefined {
  if (readings.length < 2) return readings[0]
  const empty = readings.find(({ records }) => records.length === 0)
  if (empty) return empty
  const distances = readings.map((reading) => {
    const record = reading.records.find((one) => !('failure' in one)) as Parsed | undefined
    return { reading, distance: record && reading.group.nearest(record).distance }
  })
  return distances.reduce((best, next) => {
    if (!best.distance || !next.distance) return best.distance ? best : next
    return isNearer(next.distance, best.distance) ? next : best
  }).reading
}

/** The failure that says most: one with a code of its own, then the one that got furthest into the text. */
function unparsable(failures: readonly Failed[]): Unclassified {
  const weight = ({ failure }: Failed) => (failure.code ? none : (failure.at ?? 0))
  const [first, ...others] = [...failures].sort((a, b) => weight(b) - weight(a))
  if (!first) return { reason: 'RECORD_UNPARSABLE', message: 'There is no schema to try.' }
  const more = new Set(others.map(({ group }) => group.parser)).size
  return {
    reason: first.failure.code ?? 'RECORD_UNPARSABLE',
    message: `${first.group.parser}: ${first.failure.failure}${more > 0 ? ` (and ${more} more parsers cannot read it)` : ''}`,
  }
}
