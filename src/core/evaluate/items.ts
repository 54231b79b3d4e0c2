import type { Classified } from '../classify/index.ts'
import type { Frame, Normalised, Schema } from '../contracts/index.ts'
import { type Normalise, compileNormalise } from '../normalise.ts'
import { type Path, compilePath } from '../paths.ts'
import { eventTime } from '../time.ts'
import type { Item } from './item.ts'
import type { Tally } from './tally.ts'

/** Gathers the classified records of a frame, and counts them: one addition for each schema and frame, not for each record. */
export interface Items {
  /** `at`: the offset of the record's text in its origin; `n`: its number there, where the text holds several. */
  add(found: Classified, at: number, n: number | undefined, text: string): void
  /** What was added since the last call. */
  flush(): readonly Item[]
  /** Tells the tally how many there were of each schema; answers how many there were. */
  count(): number
}

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
    let batch: Item[] = []
    return {
      add(found, at, n, text) {
        const { schema } = found
        const { name } = schema
        const kind = kindOf(schema)
        const { time, retimed } = eventTime(found.data, kind.time, frame.receivedAt)
        counts.set(name, (counts.get(name) ?? 0) + 1)
        if (retimed && kind.time) tally.add('retimed', { schema: name, reason: retimed })
        for (let i = 0; i < found.drift.length; i++) tally.add('drift', { schema: name, field: found.drift[i]! })
        batch.push(itemOf(found, kind.normalise, time, frame.origin, at, n, text))
      },
      flush() {
        const items = batch
        batch = []
        return items
      },
      count() {
        const { source, cluster } = frame
        let records = 0
        for (const [schema, count] of counts) {
          tally.add('records', { source, cluster, schema }, count)
          records += count
        }
        return records
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
  }
}
