import type { OutputKind } from '../../core/component.ts'
import type { Message, Output } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { hidden, maskFor } from '../terminal/mask.ts'

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

/** Parts of a publication whose keys are paths of the record: of an alert, and of the summary of a merged one. */
const parts = new Set(['record', 'mergedFrom.common', 'mergedFrom.by', 'mergedFrom.differences'])

/** Stands before paths that are not the record's. */
const outside = '@'

/** The message with the values of these paths hidden, wherever they are said: publishers move them about. */
export function maskMessage(message: Message, sensitive: readonly string[]): Message {
  if (sensitive.length === 0) return message
  const mask = maskFor(message.alert, sensitive)
  const visit = (value: unknown, path: string): unknown => {
    if (mask.covers(path)) return hidden
    if (typeof value === 'string') return mask.text(value)
    if (typeof value === 'number') return mask.text(String(value)) === hidden ? hidden : value
    if (Array.isArray(value)) return value.map((one) => visit(one, path))
    if (!isPlainObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, below(path, key))]))
  }
  return { ...message, publication: visit(message.publication, outside) as Message['publication'] }
}

function below(path: string, key: string): string {
  const inner = path === '' ? key : `${path}.${key}`
  return inner.startsWith(`${outside}.`) && parts.has(inner.slice(2)) ? '' : inner
}
