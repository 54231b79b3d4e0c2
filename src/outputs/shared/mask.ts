import type { OutputKind } from '../../core/component.ts'
import type { Alert, LogRecord, Message, Output } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { hidden, type Mask, maskFor } from '../terminal/mask.ts'

/**
 * The output of a kind, as a runtime uses it: where people read (chats, pagers, e-mail, tickets), the values of fields that a log
 * type calls sensitive are hidden, as on a screen. Machines get the whole. `sensitive`: schema → paths.
 */
export function maskedForPeople(
  { forPeople }: OutputKind,
  output: Output,
  sensitive: (schema: string) => readonly string[],
): Output {
  if (forPeople !== true) return output
  return {
    send: (message, signal) => output.send(maskMessage(message, sensitive(message.alert.schema)), signal),
    close: async () => output.close?.(),
  }
}

/** Parts of an alert whose keys are paths of the record. */
const partsOfAlert = new Set(['record.data', 'mergedFrom.common', 'mergedFrom.by', 'mergedFrom.differences'])
/** The same of a publication, whose record is the data. */
const partsOfPublication = new Set(['record', 'mergedFrom.common', 'mergedFrom.by', 'mergedFrom.differences'])

/** Stands before paths that are not the record's. */
const outside = '@'

/** The message with the values of these paths hidden, wherever they are said: publishers move them about. */
export function maskMessage(message: Message, sensitive: readonly string[]): Message {
  if (sensitive.length === 0) return message
  const mask = maskFor(message.alert, sensitive)
  return { ...message, publication: masked(message.publication, mask, partsOfPublication) as Message['publication'] }
}

/** The same of an alert itself. */
export const maskAlert = (alert: Alert, sensitive: readonly string[]): Alert =>
  sensitive.length === 0 ? alert : (masked(alert, maskFor(alert, sensitive), partsOfAlert) as Alert)

/** And of a record. */
export function maskRecord(record: LogRecord, sensitive: readonly string[]): LogRecord {
  if (sensitive.length === 0) return record
  const { record: found } = masked({ record }, maskFor({ record }, sensitive), partsOfAlert) as { record: LogRecord }
  return found
}

function masked(given: object, mask: Mask, parts: ReadonlySet<string>): unknown {
  const below = (path: string, key: string): string => {
    const inner = path === '' ? key : `${path}.${key}`
    return inner.startsWith(`${outside}.`) && parts.has(inner.slice(2)) ? '' : inner
  }
  const visit = (value: unknown, path: string): unknown => {
    if (mask.covers(path)) return hidden
    if (typeof value === 'string') return mask.text(value)
    if (typeof value === 'number') return mask.text(String(value)) === hidden ? hidden : value
    if (Array.isArray(value)) return value.map((one) => visit(one, path))
    if (!isPlainObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, below(path, key))]))
  }
  return visit(given, outside)
}
