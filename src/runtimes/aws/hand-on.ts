import type { IngestResult } from '../../core/contracts/index.ts'
import type { Opened } from './receive.ts'
import type { StretchMessage } from './stretch-message.ts'

/** An object that was handed on so often is given up to the queue of what failed, with an alarm: no object takes so many invocations. */
const mostTurns = 1_000

/** How a call of ingest went. */
export interface Outcome extends IngestResult {
  /** Deliveries whose body was opened. */
  readonly begun: ReadonlySet<string>
}

/** What of an item other invocations are to do; and whether its transport has to give it again. */
export interface Rest {
  readonly messages: readonly StretchMessage[]
  readonly again: boolean
}

/**
 * Whatever of an item is left is handed on, so that it neither waits until its message is shown again nor is counted as a failure: an
 * object that was left in the middle, and those that the time did not reach, as long as the invocation got on at all.
 */
export function restOf({ deliveries, handOn, stretches }: Opened, { failed, resume, begun }: Outcome): Rest {
  const wrong = new Set(failed)
  const gotOn = resume !== undefined || [...begun].some((id) => !wrong.has(id))
  const messages = [...handOn]
  let again = false
  for (const { id } of deliveries) {
    const cut = resume?.id === id
    if (!cut && !wrong.has(id)) continue
    const stretch = stretches.get(id)
    if (!stretch || stretch.turn >= mostTurns || (!cut && (begun.has(id) || !gotOn))) again = true
    else if (!cut) messages.push(stretch)
    else {
      const { cursor: at, id: _, ...known } = resume
      messages.push({ ...stretch, ...known, at, turn: stretch.turn + 1 })
    }
  }
  return { messages, again }
}
