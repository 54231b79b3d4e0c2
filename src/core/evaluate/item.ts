import type { Frame, LogRecord, Normalised, RuleContext, Schema, Table, Tables } from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { type Hash, recordId } from '../ids.ts'

/** A classified record on its way through the rules. What most records are never asked for is made when it is. */
export interface Item {
  readonly schema: Schema
  readonly data: Record<string, unknown>
  readonly envelope: Record<string, unknown> | undefined
  /** Its normalised values. The same object each time: nothing is computed twice. */
  normalised(): Normalised | undefined
  readonly time: number
  position(): string
  /** Among the classified records of its frame. */
  readonly number: number
  /** Set when the record was classified before: its id stands. */
  readonly id?: string
  /** The record's own text; for a record that came out of a larger document (`isPart`), its fields as JSON. */
  text(): string
  readonly isPart?: boolean
}

/** The stored form of a record. */
export function logRecord(item: Item, frame: Frame, hash: Hash): LogRecord {
  const normalised = item.normalised()
  return { ...headOf(item, frame, hash, item.text), data: item.data, ...(normalised && { normalised }) }
}

/** The same as JSON, without `normalised`, which follows from the rest. */
export function recordLine(item: Item, frame: Frame, hash: Hash): string {
  // What came out of a larger document is written as JSON once, for its id and for its line.
  const text = item.text()
  const data = item.isPart ? text : JSON.stringify(item.data)
  return `${JSON.stringify(headOf(item, frame, hash, () => text)).slice(0, -1)},"data":${data}}\n`
}

/** All but the fields. */
function headOf(item: Item, frame: Frame, hash: Hash, text: () => string): Omit<LogRecord, 'data' | 'normalised'> {
  const position = item.position()
  return {
    id: item.id ?? recordId(hash, frame.source, position, text()),
    schema: item.schema.name,
    source: frame.source,
    cluster: frame.cluster,
    position,
    receivedAt: frame.receivedAt,
    time: item.time,
    ...(item.envelope && { envelope: item.envelope }),
  }
}

function tableOf(tables: Tables, name: string): Table {
  const table = tables.get(name)
  if (table) return table
  throw new CodedError(
    'CONFIG_UNKNOWN_NAME',
    `There is no lookup table "${name}". Tables are declared in "lookups" of the rule.`,
  )
}

const nothing: readonly string[] = Object.freeze([])
const noEnvelope: Readonly<Record<string, unknown>> = Object.freeze({})

/**
 * One context object for all evaluations of a thread: its getters read the item that `at` set last, so that no record
 * costs an allocation. Rules are synchronous, hence never see it change.
 */
export function createContext(tables: Tables): {
  readonly context: RuleContext
  at(frame: Frame, item: Item): RuleContext
} {
  let frame: Frame
  let item: Item
  const context: RuleContext = Object.freeze({
    get cluster() {
      return frame.cluster
    },
    get source() {
      return frame.source
    },
    get schema() {
      return item.schema.name
    },
    get time() {
      return new Date(item.time)
    },
    get receivedAt() {
      return new Date(frame.receivedAt)
    },
    get envelope() {
      return item.envelope ?? noEnvelope
    },
    values(name: string) {
      const normalised = item.normalised()
      return normalised && Object.hasOwn(normalised, name) ? normalised[name]! : nothing
    },
    lookup(name: string, key: string | number | null | undefined) {
      const table = tableOf(tables, name)
      return key === null || key === undefined ? undefined : table.get(String(key))
    },
  })
  return {
    context,
    at(nextFrame, nextItem) {
      frame = nextFrame
      item = nextItem
      return context
    },
  }
}
