import type { Classified } from '../classify/index.ts'
import type { Frame, Normalised, Schema } from '../contracts/index.ts'
import { type Normalise, compileNormalise } from '../normalise.ts'
import { type Path, compilePath } from '../paths.ts'
import { eventTime } from '../time.ts'
import type { Item } from './item.ts'
import type { Tally } from './tally.ts'

/** Gathers the classified records of a frame, and counts them: one addition for each schema and frame, not for each record. */
export interface Items {
  /** `at`: the offset of the record's text in its origin; `n`: its number there, where the text holds several; else `text` is all of it. */
  add(found: Classified, at: number, n: number | undefined, text?: string): void
  /** Counts a record that no rule must see. */
  pass(schema: Schema, drift: readonly string[], data: unknown): void
  /** What was added since it was given out last, where there are so many; else none. */
  flush(atLeast: number): readonly Item[]
  /** Tells the tally how many there were of each schema; answers how many there were, and the latest of their times. */
  count(): { readonly records: number; readonly latest?: number }
}

const noDrift: readonly string[] = []
const nothing: readonly Item[] = []

/** What is compiled once for the records of a schema. */
interface Kind {
  readonly schema: Schema
  readonly normalise: Normalise
  readonly time: Path | undefined
}

/** The result opens a frame. */
export function createItems(): (frame: Frame, tally: Tally) => Items {
  const kinds = new Map<Schema, Kind>()
  const kindOf = (schema: Schema): Kind => {
    const known = kinds.get(schema)
    if (known) return known
    const time = schema.time === undefined ? undefined : compilePath(schema.time)
    const kind = { schema, normalise: compileNormalise(schema), time }
    kinds.set(schema, kind)
    return kind
  }

  return (frame, tally) => {
    const counts = new Map<string, number>()
    /** Of records that have passed: equal outlines share a list. */
    const drifts = new Map<readonly string[], { readonly schema: string; readonly n: number }>()
    let batch: Item[] = []
    let records = 0
    let latest = Number.NEGATIVE_INFINITY

    /** Answers the time of the record. */
    function note({ schema: { name }, time: path }: Kind, drift: readonly string[], data: unknown): number {
      const { time, retimed } = eventTime(data, path, frame.receivedAt)
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (retimed && path) tally.add('retimed', { schema: name, reason: retimed })
      for (let i = 0; i < drift.length; i++) tally.add('drift', { schema: name, field: drift[i]! })
      if (time > latest) latest = time
      records++
      return time
    }

    return {
      add(found, at, n, text = '') {
        const kind = kindOf(found.schema)
        const number = records
        const time = note(kind, found.drift, found.data)
        batch.push(itemOf(found, kind.normalise, time, frame.origin, at, n, text, number))
      },
      pass(schema, drift, data) {
        note(kindOf(schema), noDrift, data)
        if (drift.length > 0) drifts.set(drift, { schema: schema.name, n: (drifts.get(drift)?.n ?? 0) + 1 })
      },
      flush(atLeast) {
        if (batch.length < atLeast) return nothing
        const items = batch
        batch = []
        return items
      },
      count() {
        const { source, cluster } = frame
        for (const [fields, { schema, n }] of drifts)
          for (const field of fields) tally.add('drift', { schema, field }, n)
        for (const [schema, count] of counts) tally.add('records', { source, cluster, schema }, count)
        return { records, ...(records > 0 && { latest }) }
      },
    }
  }
}

function itemOf(
  { schema, data, envelope }: Classified,
  normalise: Normalise,
  time: number,
  origin: string,
  at: number,
  n: number | undefined,
  text: string,
  number: number,
): Item {
  let made: { readonly normalised: Normalised | undefined } | undefined
  return {
    schema,
    data,
    envelope,
    time,
    normalised: () => (made ??= { normalised: normalise(data, envelope) }).normalised,
    position: () => (n === undefined ? `${origin}#${at}` : `${origin}#${at}[${n}]`),
    text: () => (n === undefined ? text : JSON.stringify(data)),
    isPart: n !== undefined,
    number,
  }
}
