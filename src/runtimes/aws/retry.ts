/** The api has the function that reads try again what is in quarantine, for that one has the rules. */
import type { Committed, Evaluator, FrameResult, Segments, Store } from '../../core/contracts/index.ts'
import { isPlainObject } from '../../core/plain.ts'
import { type Retried, retryQuarantine } from '../../core/retry-quarantine.ts'

/** The event by which it is asked to. No service of AWS sends one of this form. */
export const retryEvent = (ids: readonly string[]) => ({ streamalert: { retryQuarantine: ids } })

/** The ids in such an event; undefined: it is another one. */
export function retryIn(event: unknown): readonly string[] | undefined {
  const asked = isPlainObject(event) ? event['streamalert'] : undefined
  const ids = isPlainObject(asked) ? asked['retryQuarantine'] : undefined
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : undefined
}

interface RetryHost {
  readonly store: Store
  readonly evaluator: Evaluator
  readonly segments?: Segments | undefined
  now(): number
  onCommitted?(committed: Committed, results: readonly FrameResult[]): void
}

/** Tries these entries again. Twice raises nothing twice. */
export const retryEntries = (host: RetryHost, ids: readonly string[]): Promise<Retried> =>
  retryQuarantine(host, { ids, limit: ids.length })
